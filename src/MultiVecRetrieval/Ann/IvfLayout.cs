using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>The header of stored inverted lists; docs/format.md says what each field means.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Length)]
internal struct IvfHeader
{
    public const int Length = 128;
    public const uint ExpectedMagic = 0x4956564D; // "MVVI", little-endian
    public const int CurrentVersion = 1;

    public uint Magic;
    public int Version;
    public long TotalLength;
    public int RowCount;
    public int ListCount;
    public int BlockCount;
    public int Dimension;
    public int Seed;
    public uint TablesChecksum;

    public readonly int CodeLength => HadamardRotation.GetPaddedDimension(Dimension);
}

/// <summary>
/// Where the parts of stored inverted lists lie: header, mean, query means, first blocks of the lists, rows, positions of rows; then
/// centroids, sign blocks and row records, each on a multiple of 64.
/// </summary>
internal readonly record struct IvfLayout
{
    public IvfLayout(in IvfHeader header)
    {
        RecordStride = NodeTable.GetStride(header.CodeLength, 0);
        BlockStride = SignTables.GetBlockLength(header.CodeLength) + (3 * SignTables.BlockCodeCount * sizeof(ushort));
        MeanOffset = IvfHeader.Length;
        QueryMeansOffset = MeanOffset + ((long)header.Dimension * sizeof(float));
        ListsOffset = QueryMeansOffset + (2L * header.CodeLength * sizeof(float));
        RowsOffset = ListsOffset + ((header.ListCount + 1L) * sizeof(int));
        PositionsOffset = RowsOffset + ((long)header.BlockCount * SignTables.BlockCodeCount * sizeof(int));
        TablesEnd = PositionsOffset + ((long)header.RowCount * sizeof(int));
        CentroidsOffset = (TablesEnd + 63) & -64;
        BlocksOffset = CentroidsOffset + ((long)header.ListCount * RecordStride);
        RecordsOffset = BlocksOffset + ((long)header.BlockCount * BlockStride);
        TotalLength = RecordsOffset + ((long)header.BlockCount * SignTables.BlockCodeCount * RecordStride);
    }

    public int RecordStride { get; }

    public int BlockStride { get; }

    public long MeanOffset { get; }

    public long QueryMeansOffset { get; }

    public long ListsOffset { get; }

    public long RowsOffset { get; }

    public long PositionsOffset { get; }

    public long TablesEnd { get; }

    public long CentroidsOffset { get; }

    public long BlocksOffset { get; }

    public long RecordsOffset { get; }

    public long TotalLength { get; }
}
