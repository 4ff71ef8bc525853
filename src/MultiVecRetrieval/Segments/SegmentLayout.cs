using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Segments;

/// <summary>Byte positions of a segment file of format 1; docs/format.md says what each field means.</summary>
internal static class SegmentLayout
{
    public const int FormatVersion = 1;
    public const ushort RowsKind = 1;
    public const uint Magic = 0x5352564D; // "MVRS", little-endian
    public const int HeaderLength = 128;
    public const int RowAlignment = 64;
    public const int EntryRecordLength = 32;

    /// <summary>Bytes of the data region that one checksum covers.</summary>
    public const int BlockLength = 1 << 20;

    public const int MagicOffset = 0;
    public const int VersionOffset = 4;
    public const int KindOffset = 6;
    public const int FileLengthOffset = 8;
    public const int SegmentIdOffset = 16;
    public const int DimensionOffset = 24;
    public const int RowFormatOffset = 28;
    public const int EntryCountOffset = 32;
    public const int RowCountOffset = 40;
    public const int EntryTableOffset = 48;
    public const int BlockTableOffset = 56;
    public const int EntryTableChecksumOffset = 64;
    public const int BlockTableChecksumOffset = 68;
    public const int SpaceDigestOffset = 72;
    public const int SpaceDigestLength = 16;
    public const int HeaderChecksumOffset = 124;

    /// <summary>The first 16 bytes of the SHA-256 of the space's id: a file put into the wrong place is noticed.</summary>
    public static byte[] Digest(SpaceId id) => SHA256.HashData(Encoding.UTF8.GetBytes(id.Value))[..SpaceDigestLength];

    public static string GetFileName(long segmentId) => $"{segmentId:x16}.rows";

    public static long Align(long offset) => (offset + RowAlignment - 1) & -RowAlignment;

    public static int BlockCount(long entryTableOffset) =>
        checked((int)((entryTableOffset - HeaderLength + BlockLength - 1) / BlockLength));
}

/// <summary>What an entry of a segment brings besides its rows.</summary>
[Flags]
internal enum EntryFlags
{
    None = 0,

    /// <summary>A box per row follows the rows.</summary>
    Boxes = 1,

    /// <summary>A time span per row follows the boxes.</summary>
    Spans = 2,

    /// <summary>
    /// Some rows stand for several places, which follow; then the box and span of such a row are those around them. The bits from
    /// <see cref="PlaceCodec.MemberCountShift"/> on count these places.
    /// </summary>
    Members = 4,
}

/// <summary>Where the rows of an entry lie in a segment file.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = SegmentLayout.EntryRecordLength)]
internal readonly record struct EntryRecord(long EntryId, long RowsOffset, long PlacesOffset, int RowCount, EntryFlags Flags);
