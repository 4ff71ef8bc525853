using System.ComponentModel;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>What the operating system keeps of files in memory.</summary>
internal static partial class PageCache
{
    // posix_fadvise's POSIX_FADV_DONTNEED on Linux.
    private const int DoNotNeed = 4;

    /// <summary>Gives back the memory that holds the files of a folder, so that they are read from the device again. No process may have
    /// them mapped; they must be written.</summary>
    /// <exception cref="PlatformNotSupportedException">Not on Linux.</exception>
    public static void Drop(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Cold reads are measured on Linux only.");
        }

        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(handle);
            int error = Advise((int)handle.DangerousGetHandle(), 0, 0, DoNotNeed);
            if (error != 0)
            {
                throw new Win32Exception(error, $"{file} could not be dropped from memory.");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long offset, long length, int advice);
}
