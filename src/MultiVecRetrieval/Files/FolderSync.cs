using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Files;

/// <summary>fsync of a folder, which .NET has no call for. Without it a new file's name may be lost with the power.</summary>
internal static partial class FolderSync
{
    private const int OpenDirectory = 0x10000;   // O_DIRECTORY | O_RDONLY on Linux x64
    private const int OpenCloseOnExec = 0x80000; // O_CLOEXEC

    /// <exception cref="IOException">The folder could not be opened or synchronised.</exception>
    public static void Sync(string folder)
    {
        // Windows and macOS have no counterpart that is needed: NTFS journals names, and macOS opens folders with other flags.
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int descriptor =
            Open(folder, (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : OpenDirectory) | OpenCloseOnExec);
        if (descriptor < 0)
        {
            throw Failure("open", folder);
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw Failure("fsync", folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string call, string folder)
    {
        Win32Exception cause = new(Marshal.GetLastPInvokeError());
        return new IOException($"{call} of folder {folder} failed: {cause.Message}", cause);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
