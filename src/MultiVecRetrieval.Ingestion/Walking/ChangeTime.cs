using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Ingestion.Walking;

/// <summary>
/// The time at which content or status of a file last changed, as the file system keeps it (ctime). Unlike the time of modification it
/// cannot be set back, so that a file of the same size and time is known to be another. Linux only; .NET does not give it.
/// </summary>
/// <remarks>Source: statx(2).</remarks>
internal static partial class ChangeTime
{
    private const int CurrentFolder = -100;
    private const uint WantsChangeTime = 0x80;

    // struct statx: 256 bytes, the mask of what is filled in at 0, stx_ctime at 96 (int64 seconds, uint32 nanoseconds).
    private const int StructLength = 256;
    private const int SecondsOffset = 96;
    private const int NanosecondsOffset = 104;

    /// <summary>The time, of what a link points to; null where the system or the file system does not tell it.</summary>
    public static DateTimeOffset? Get(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> found = stackalloc byte[StructLength];
        try
        {
            if (ReadStatus(CurrentFolder, path, flags: 0, WantsChangeTime, found) != 0
                || (BinaryPrimitives.ReadUInt32LittleEndian(found) & WantsChangeTime) == 0)
            {
                return null;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return null;
        }

        long seconds = BinaryPrimitives.ReadInt64LittleEndian(found[SecondsOffset..]);
        uint nanoseconds = BinaryPrimitives.ReadUInt32LittleEndian(found[NanosecondsOffset..]);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ReadStatus(int folder, string path, int flags, uint mask, Span<byte> buffer);
}
