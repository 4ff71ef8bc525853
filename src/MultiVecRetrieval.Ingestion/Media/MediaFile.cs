using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Looks at a path before it is opened: only regular files are, because a pipe or device would block the reader.</summary>
internal static partial class MediaFile
{
    private const int CurrentFolder = -100;
    private const uint TypeAndSize = 0x0201;
    private const int ModeOffset = 28;
    private const int SizeOffset = 40;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Checks that a path is a regular file within the size limit.</summary>
    /// <returns>The absolute path, so that no program takes a name for an option, and the size in bytes.</returns>
    /// <exception cref="MediaException">Missing, a folder, pipe or device, empty, or larger than <paramref name="limits"/>
    /// allow.</exception>
    public static (string FullPath, long Length) Check(string path, MediaLimits limits)
    {
        (string fullPath, long length) = CheckRegular(path);
        if (length == 0)
        {
            throw new MediaException("The file is empty.");
        }

        if (length > limits.MaxFileBytes)
        {
            throw new MediaException($"The file has {length} bytes; the limit is {limits.MaxFileBytes}.", "media:maxFileBytes");
        }

        return (fullPath, length);
    }

    /// <summary>Opens a regular file for reading.</summary>
    /// <exception cref="MediaException">Missing, unreadable, or a folder, pipe or device.</exception>
    public static FileStream Open(string path)
    {
        (string fullPath, _) = CheckRegular(path);
        try
        {
            return new FileStream(fullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MediaException($"The file cannot be read: {exception.Message}", inner: exception);
        }
    }

    private static (string FullPath, long Length) CheckRegular(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new MediaException("The path contains a zero byte.");
        }

        string fullPath = Path.GetFullPath(path);
        // struct statx has the same layout on every Linux platform, unlike struct stat.
        Span<byte> status = stackalloc byte[256];
        if (StatX(CurrentFolder, fullPath, 0, TypeAndSize, status) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new MediaException($"The file cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}.");
        }

        if ((MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeMask) != RegularFile)
        {
            throw new MediaException("The path is not a regular file but a folder, pipe, socket or device.");
        }

        return (fullPath, MemoryMarshal.Read<long>(status[SizeOffset..]));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> status);
}
