using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace MultiVecRetrieval.Ingestion.Walking;

/// <summary>
/// Finds names on Linux that are not UTF-8. .NET shows each bad byte as U+FFFD, and by such a name nothing can be opened.
/// </summary>
internal static partial class FolderNames
{
    // struct dirent of 64-bit Linux: inode, offset, record length, type, and the name, which a zero ends.
    private const int TypeOffset = 18;
    private const int NameOffset = 19;
    private const byte FolderType = 4;

    /// <summary>True when a name may stand for one that is not UTF-8.</summary>
    public static bool IsSuspect(string name) => name.Contains('\uFFFD', StringComparison.Ordinal);

    /// <summary>The names in a folder that are not UTF-8, in ordinal order; bad bytes are written as \xE9.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    public static IReadOnlyList<(string Name, bool IsFolder)> ListNonUtf8(string folder)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
        {
            return [];
        }

        nint stream = OpenFolder(folder);
        if (stream == 0)
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
        }

        List<(string Name, bool IsFolder)> names = [];
        try
        {
            for (nint entry = ReadEntry(stream); entry != 0; entry = ReadEntry(stream))
            {
                ReadOnlySpan<byte> name = NameOf(entry);
                if (!System.Text.Unicode.Utf8.IsValid(name))
                {
                    names.Add((Escape(name), Marshal.ReadByte(entry, TypeOffset) == FolderType));
                }
            }
        }
        finally
        {
            _ = CloseFolder(stream);
        }

        names.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return names;
    }

    private static unsafe ReadOnlySpan<byte> NameOf(nint entry) =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)(entry + NameOffset));

    private static string Escape(ReadOnlySpan<byte> name)
    {
        StringBuilder text = new();
        while (!name.IsEmpty)
        {
            bool isRune = Rune.DecodeFromUtf8(name, out Rune rune, out int length) == OperationStatus.Done;
            foreach (byte bad in isRune ? [] : name[..length])
            {
                text.Append("\\x").Append(Convert.ToHexString([bad]));
            }

            text.Append(isRune ? rune.ToString() : "");
            name = name[length..];
        }

        return text.ToString();
    }

    [LibraryImport("libc", EntryPoint = "opendir", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint OpenFolder(string path);

    [LibraryImport("libc", EntryPoint = "readdir")]
    private static partial nint ReadEntry(nint stream);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int CloseFolder(nint stream);
}
