using System.Runtime.CompilerServices;
using MultiVecRetrieval.Files;

namespace MultiVecRetrieval.Cluster;

/// <summary>Objects as files of a folder: of a disk that is mounted, or of a test. A file has its name once it is whole and on the
/// device.</summary>
internal sealed class FolderObjectStore(string folder) : IObjectStore
{
    // No key has a part that begins with a dot.
    private const string PartialPrefix = ".part-";

    private readonly string _folder = Path.GetFullPath(folder);

    public string Address => _folder;

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => RunAsync(() =>
    {
        string path = GetPath(key);
        string parent = Path.GetDirectoryName(path)!;
        CreateFolder(parent);
        string partial = Path.Combine(parent, PartialPrefix + Guid.NewGuid().ToString("n"));
        try
        {
            using (FileStream file = Storage.System.Create(partial))
            {
                file.Write(content.Span);
                Storage.System.Sync(file);
            }

            File.Move(partial, path, overwrite: true);
            Storage.System.SyncFolder(parent);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }

        return true;
    }, cancellationToken);

    public Task<byte[]> GetAsync(string key, CancellationToken cancellationToken) => RunAsync(
        () =>
        {
            try
            {
                return File.ReadAllBytes(GetPath(key));
            }
            catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new ObjectNotFoundException(Address, key);
            }
        },
        cancellationToken);

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Of a prefix that ends within a name the folder before it is read.
        string inner = Path.Combine(_folder, prefix[..(prefix.LastIndexOf('/') + 1)]);
        FileInfo[] files = await RunAsync(
            () => Directory.Exists(inner) ? new DirectoryInfo(inner).GetFiles("*", SearchOption.AllDirectories) : [],
            cancellationToken).ConfigureAwait(false);
        foreach (FileInfo file in files)
        {
            string key = Path.GetRelativePath(_folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (key.StartsWith(prefix, StringComparison.Ordinal) && !file.Name.StartsWith('.') && file.Exists)
            {
                yield return new StoredObject(key, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
            }
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken) => RunAsync(
        () =>
        {
            string path = GetPath(key);
            if (File.Exists(path))
            {
                File.Delete(path);
            }

            return true;
        },
        cancellationToken);

    public void Dispose()
    {
    }

    private string GetPath(string key) => key.Split('/').All(part => part.Length > 0 && part[0] != '.')
        ? Path.Combine(_folder, key)
        : throw new ArgumentException($"'{key}' is no key of an object.", nameof(key));

    // A new folder's name is on the device before a file in it is.
    private static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        string parent = Path.GetDirectoryName(path)!;
        CreateFolder(parent);
        Directory.CreateDirectory(path);
        Storage.System.SyncFolder(parent);
    }

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(work, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException and not ObjectStoreException)
        {
            throw new ObjectStoreException($"{Address}: {error.Message}", error);
        }
    }
}
