using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>Byte positions of files of codes and of codec parameters, format 1; the header shares its frame with
/// <see cref="SegmentLayout"/>.</summary>
internal static class TierLayout
{
    public const ushort CodesKind = 2;
    public const ushort CodecKind = 3;

    /// <summary>The most entries of a chunk.</summary>
    public const int MaxChunkEntryCount = 4096;

    /// <summary>The most rows of a chunk of more than one entry.</summary>
    public const int MaxChunkRowCount = 1 << 18;

    /// <summary>The most values of a chunk of more than one entry: 128 MiB of float32.</summary>
    public const int MaxChunkValueCount = 1 << 25;

    public const int TierIdOffset = 40;
    public const int ChunkTableOffset = 48;
    public const int ChunkCountOffset = 56;
    public const int ChunkTableChecksumOffset = 64;
    public const int ParametersChecksumOffset = 68;
    public const int LargestNormOffset = 88;

    public const int SpecLengthOffset = 32;
    public const int ParametersLengthOffset = 48;
    public const int BodyChecksumOffset = 64;

    public static string GetCodesFileName(long id) => $"{id:x16}.codes";

    public static string GetCodecFileName(long id) => $"{id:x16}.codec";

    /// <summary>Writes the fields that every kind of file has in the same place; the rest of the header is zero.</summary>
    public static byte[] CreateHeader(ushort kind, long fileLength, long id, Space space)
    {
        byte[] header = new byte[SegmentLayout.HeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(SegmentLayout.MagicOffset), SegmentLayout.Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(SegmentLayout.VersionOffset), SegmentLayout.FormatVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(SegmentLayout.KindOffset), kind);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(SegmentLayout.FileLengthOffset), fileLength);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(SegmentLayout.SegmentIdOffset), id);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(SegmentLayout.DimensionOffset), space.Dimension);
        SegmentLayout.Digest(space.Id).CopyTo(header, SegmentLayout.SpaceDigestOffset);
        return header;
    }

    /// <summary>Writes the checksum of the header, the last thing that a header gets.</summary>
    public static void Seal(Span<byte> header) => BinaryPrimitives.WriteUInt32LittleEndian(
        header[SegmentLayout.HeaderChecksumOffset..], Crc32C.Compute(header[..SegmentLayout.HeaderChecksumOffset]));

    /// <exception cref="CorruptSegmentException">The header is damaged or belongs elsewhere.</exception>
    /// <exception cref="UnsupportedFormatException">A later version wrote it.</exception>
    public static void CheckHeader(ReadOnlySpan<byte> header, string path, ushort kind, long fileLength, long id, Space space)
    {
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (magic != SegmentLayout.Magic)
        {
            throw new CorruptSegmentException(path, 0, "magic MVRS", Convert.ToHexString(header[..4]));
        }

        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(header[SegmentLayout.HeaderChecksumOffset..]);
        uint actual = Crc32C.Compute(header[..SegmentLayout.HeaderChecksumOffset]);
        if (actual != expected)
        {
            throw new CorruptSegmentException(path, 0, $"a header with CRC-32C {expected:x8}", $"{actual:x8}");
        }

        int version = BinaryPrimitives.ReadUInt16LittleEndian(header[SegmentLayout.VersionOffset..]);
        if (version != SegmentLayout.FormatVersion)
        {
            throw new UnsupportedFormatException(path, version, SegmentLayout.FormatVersion);
        }

        Expect(path, SegmentLayout.KindOffset, "kind", kind, BinaryPrimitives.ReadUInt16LittleEndian(header[SegmentLayout.KindOffset..]));
        Expect(path, SegmentLayout.FileLengthOffset, "file length",
            BinaryPrimitives.ReadInt64LittleEndian(header[SegmentLayout.FileLengthOffset..]), fileLength);
        Expect(path, SegmentLayout.SegmentIdOffset, "id", id,
            BinaryPrimitives.ReadInt64LittleEndian(header[SegmentLayout.SegmentIdOffset..]));
        Expect(path, SegmentLayout.DimensionOffset, "d", space.Dimension,
            BinaryPrimitives.ReadInt32LittleEndian(header[SegmentLayout.DimensionOffset..]));
        ReadOnlySpan<byte> digest = header.Slice(SegmentLayout.SpaceDigestOffset, SegmentLayout.SpaceDigestLength);
        if (!digest.SequenceEqual(SegmentLayout.Digest(space.Id)))
        {
            throw new CorruptSegmentException(path, SegmentLayout.SpaceDigestOffset, $"codes of space {space.Id}",
                $"digest {Convert.ToHexString(digest)}");
        }
    }

    public static void Expect(string path, long offset, string name, long expected, long actual)
    {
        if (actual != expected)
        {
            throw new CorruptSegmentException(path, offset, $"{name} {expected}", $"{actual}");
        }
    }
}

/// <summary>Where the codes of some consecutive entries lie in a file of codes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 32)]
internal readonly record struct ChunkRecord(long Offset, long Length, uint Checksum, int FirstEntry, int EntryCount);
