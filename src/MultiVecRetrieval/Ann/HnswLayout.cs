using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>The header of a stored graph; docs/format.md says what each field means.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Length)]
internal struct HnswHeader
{
    public const int Length = 128;
    public const uint ExpectedMagic = 0x4752564D; // "MVRG", little-endian
    public const int CurrentVersion = 1;

    public uint Magic;
    public int Version;
    public long TotalLength;
    public int RowCount;
    public int NodeCount;
    public int Dimension;
    public int MaxDegree;
    public int Seed;
    public int EntryCount;
    public int QueryEntryCount;
    public int Flags;
    public int Stride;
    public uint TablesChecksum;

    /// <summary>The flag of records with <see cref="NeighborCodes"/>.</summary>
    public const int NeighborCodesFlag = 1;

    public readonly bool HasNeighborCodes => (Flags & NeighborCodesFlag) != 0;

    public readonly int CodeLength => HadamardRotation.GetPaddedDimension(Dimension);

    /// <summary>The stride that the other fields tell of.</summary>
    public readonly int ExpectedStride => HasNeighborCodes
        ? NodeTable.GetStrideWithNeighbors(CodeLength, MaxDegree)
        : NodeTable.GetStride(CodeLength, MaxDegree);
}

/// <summary>Where the parts of a stored graph lie: header, mean, query means, query entries, row offsets, rows, nodes of rows, then the records.</summary>
internal readonly record struct HnswLayout
{
    public HnswLayout(in HnswHeader header)
    {
        MeanOffset = HnswHeader.Length;
        QueryMeansOffset = MeanOffset + ((long)header.Dimension * sizeof(float));
        QueryEntriesOffset = QueryMeansOffset + (header.HasNeighborCodes ? 2L * header.CodeLength * sizeof(float) : 0);
        RowOffsetsOffset = QueryEntriesOffset + ((long)header.QueryEntryCount * sizeof(int));
        RowsOffset = RowOffsetsOffset + ((header.NodeCount + 1L) * sizeof(int));
        NodeOfRowOffset = RowsOffset + ((long)header.RowCount * sizeof(int));
        TablesEnd = NodeOfRowOffset + ((long)header.RowCount * sizeof(int));
        NodesOffset = (TablesEnd + 63) & -64;
        TotalLength = NodesOffset + ((long)header.NodeCount * header.Stride);
    }

    public long MeanOffset { get; }

    public long QueryMeansOffset { get; }

    public long QueryEntriesOffset { get; }

    public long RowOffsetsOffset { get; }

    public long RowsOffset { get; }

    public long NodeOfRowOffset { get; }

    public long TablesEnd { get; }

    public long NodesOffset { get; }

    public long TotalLength { get; }
}
