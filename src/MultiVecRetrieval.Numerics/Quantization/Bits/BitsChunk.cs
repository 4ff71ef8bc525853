using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>Where things are in a chunk of <see cref="BitsCodec"/>; docs/format.md describes the bytes.</summary>
/// <remarks>All rows of all entries follow each other in blocks of 64, so that an entry of one row takes no more than its row.</remarks>
internal readonly ref struct BitsChunk
{
    /// <summary>Rows of a block.</summary>
    public const int BlockRowCount = 64;

    /// <summary>Row count, flags, and eight bytes of zeros.</summary>
    public const int HeaderSize = 16;

    /// <summary>Flag: the row offsets follow the header; without it every entry has one row.</summary>
    public const int HasRowOffsets = 1;

    private const int Alignment = 64;

    private readonly int _sidesOffset;
    private readonly int _planesOffset;

    private BitsChunk(ReadOnlySpan<byte> bytes, int rowCount, ReadOnlySpan<int> rowOffsets, int sidesOffset, int planesOffset, int sideSize)
    {
        Bytes = bytes;
        RowCount = rowCount;
        RowOffsets = rowOffsets;
        _sidesOffset = sidesOffset;
        _planesOffset = planesOffset;
        SideSize = sideSize;
    }

    /// <summary>All bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The rows of all entries.</summary>
    public int RowCount { get; }

    /// <summary>The first row of each entry, then the number of rows; empty when every entry has one row.</summary>
    public ReadOnlySpan<int> RowOffsets { get; }

    /// <summary>Bytes that a block says of its rows besides their bits.</summary>
    public int SideSize { get; }

    /// <summary>The number of blocks, the last of them filled with rows of zeros.</summary>
    public int BlockCount => (RowCount + BlockRowCount - 1) / BlockRowCount;

    /// <summary>What a block says of its rows: factors, biases if there are any, errors.</summary>
    public ReadOnlySpan<byte> GetSide(int block) => Bytes.Slice(_sidesOffset + (block * SideSize), SideSize);

    /// <summary>The byte at which the blocks of a plane begin; block after block, byte j of its 64 rows after byte j - 1.</summary>
    public int GetPlaneOffset(BitsModel model, int plane)
    {
        int offset = _planesOffset;
        for (int before = 0; before < plane; before++)
        {
            offset += BlockCount * model.GetPlaneSize(before) * BlockRowCount;
        }

        return offset;
    }

    /// <summary>Where byte j of a row lies among the 64: the even places are the rows 0 to 31, so that sums of 16 bits come out in
    /// order.</summary>
    public static int GetPlace(int row) => row < BlockRowCount / 2 ? 2 * row : (2 * (row - (BlockRowCount / 2))) + 1;

    /// <summary>Bytes of what a block says of its rows.</summary>
    public static int GetSideSize(bool hasBias) => BlockRowCount * (sizeof(ushort) + (hasBias ? sizeof(ushort) : 0) + 1);

    /// <summary>Bytes of a chunk.</summary>
    public static long GetSize(BitsModel model, int entryCount, int rowCount)
    {
        long blockCount = ((long)rowCount + BlockRowCount - 1) / BlockRowCount;
        long size = GetPlanesOffset(model.HasBias, entryCount, rowCount);
        for (int plane = 0; plane < model.PlaneCount; plane++)
        {
            size += blockCount * model.GetPlaneSize(plane) * BlockRowCount;
        }

        return size;
    }

    /// <summary>Reads the header of bytes that were checked.</summary>
    public static BitsChunk Read(BitsModel model, ReadOnlySpan<byte> bytes, int entryCount)
    {
        int rowCount = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        bool hasOffsets = (BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) & HasRowOffsets) != 0;
        ReadOnlySpan<int> offsets = hasOffsets
            ? MemoryMarshal.Cast<byte, int>(bytes.Slice(HeaderSize, (entryCount + 1) * sizeof(int)))
            : [];
        return new BitsChunk(
            bytes,
            rowCount,
            offsets,
            (int)GetSidesOffset(entryCount, rowCount),
            (int)GetPlanesOffset(model.HasBias, entryCount, rowCount),
            GetSideSize(model.HasBias));
    }

    /// <summary>Throws unless reading the chunk stays within it.</summary>
    /// <exception cref="InvalidDataException">It would not.</exception>
    public static void Check(BitsModel model, ReadOnlySpan<byte> bytes, int entryCount)
    {
        int rowCount = bytes.Length >= HeaderSize ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : -1;
        int flags = bytes.Length >= HeaderSize ? BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) : -1;
        bool hasOffsets = rowCount != entryCount;
        if (entryCount < 1 || rowCount < entryCount || flags != (hasOffsets ? HasRowOffsets : 0))
        {
            throw new InvalidDataException($"A chunk of bits says {rowCount} rows and flags {flags} for {entryCount} entries.");
        }

        long expected = GetSize(model, entryCount, rowCount);
        if (bytes.Length != expected)
        {
            throw new InvalidDataException(
                $"A chunk of bits with {entryCount} entries and {rowCount} rows takes {expected} bytes, {bytes.Length} were given.");
        }

        BitsChunk chunk = Read(model, bytes, entryCount);
        for (int entry = 0; hasOffsets && entry < entryCount; entry++)
        {
            (int first, int end) = (chunk.RowOffsets[entry], chunk.RowOffsets[entry + 1]);
            if ((entry == 0 && first != 0) || end <= first || end > rowCount || (entry == entryCount - 1 && end != rowCount))
            {
                throw new InvalidDataException($"Entry {entry} of a chunk of bits has the rows {first} to {end} of {rowCount}.");
            }
        }
    }

    /// <summary>The byte at which the sides begin.</summary>
    public static long GetSidesOffset(int entryCount, int rowCount) =>
        AlignUp(HeaderSize + (rowCount == entryCount ? 0 : (entryCount + 1L) * sizeof(int)));

    private static long GetPlanesOffset(bool hasBias, int entryCount, int rowCount)
    {
        long blockCount = ((long)rowCount + BlockRowCount - 1) / BlockRowCount;
        return AlignUp(GetSidesOffset(entryCount, rowCount) + (blockCount * GetSideSize(hasBias)));
    }

    private static long AlignUp(long offset) => (offset + Alignment - 1) / Alignment * Alignment;
}
