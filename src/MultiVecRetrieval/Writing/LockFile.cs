using System.Diagnostics;
using System.Text.Json;

namespace MultiVecRetrieval.Writing;

/// <summary>
/// The lock of the one writer: a file that is held open, which ends with the process however that ends. Beside it stands who holds it,
/// for those who find it taken; what a killed process left there is not read, because its lock is free.
/// </summary>
internal sealed class LockFile : IDisposable
{
    public const string FileName = "LOCK";
    public const string OwnerFileName = "LOCK.owner";

    private readonly string _ownerPath;
    private readonly FileStream _file;

    private LockFile(string folder, FileStream file)
    {
        (_ownerPath, _file) = (Path.Combine(folder, OwnerFileName), file);
        WriteOwner();
    }

    /// <param name="folder">The folder of the collection.</param>
    /// <param name="patience">How long to wait for another writer.</param>
    /// <exception cref="CollectionLockedException">Another writer has it.</exception>
    public static LockFile Take(string folder, TimeSpan patience = default)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new LockFile(
                    folder, new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException exception) when (IsSharingViolation(exception))
            {
                if (Stopwatch.GetElapsedTime(start) >= patience)
                {
                    throw new CollectionLockedException(folder, ReadOwner(folder));
                }
            }

            Thread.Sleep(20);
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_ownerPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It only tells; the next owner writes over it.
        }

        _file.Dispose();
    }

    // EAGAIN of flock on Linux (11) and macOS (35), ERROR_SHARING_VIOLATION on Windows.
    private static bool IsSharingViolation(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    private void WriteOwner()
    {
        try
        {
            File.WriteAllText(_ownerPath, JsonSerializer.Serialize(
                new LockOwner(Environment.ProcessId, DescribeCommand(), DateTimeOffset.UtcNow), JsonSerializerOptions.Web));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk must not keep a reader from opening what it will not write.
        }
    }

    private static LockOwner? ReadOwner(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<LockOwner>(File.ReadAllText(Path.Combine(folder, OwnerFileName)), JsonSerializerOptions.Web);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    // Options are left out: keys and passwords are given by them.
    private static string DescribeCommand()
    {
        string[] words = Environment.GetCommandLineArgs();
        string program = words.Length > 0 ? Path.GetFileNameWithoutExtension(words[0]) : "unknown";
        return words.Length > 1 && words[1].Length <= 20 && words[1].All(char.IsAsciiLetter) ? $"{program} {words[1]}" : program;
    }
}
