using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>The header of a stored graph; docs/format.md says what each field means.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Length)]
internal struct HnswHeader
{
    public const int Length = 128;
    public const uint ExpectedMagic = 0x4752564D; // "MVRG", little-endian

    /// <summary>Graphs of int8 nodes.</summary>
    public const int OldestVersion = 1;

    /// <summary>Graphs of other nodes, which the header names.</summary>
    public const int NewestVersion = 2;

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
    public int NodeForm;
    public float Radius;

    /// <summary>The flag of records that hold sign codes of neighbours too, which are neither made nor read any more.</summary>
    public const int NeighborCodesFlag = 1;

    /// <summary>True when the means of queries are there, which bit-planes are relative to.</summary>
    public readonly bool HasQueryMeans => NodeForm != (int)HnswNodes.Int8;

    /// <summary>Values of a rotated row.</summary>
    public readonly int CodeLength => HadamardRotation.GetPaddedDimension(Dimension);

    /// <summary>Bytes of the codes of a node.</summary>
    public readonly int NodeCodeLength => PlaneCodes.GetLength((HnswNodes)NodeForm, CodeLength);

    /// <summary>The stride that the other fields tell of.</summary>
    public readonly int ExpectedStride => NodeTable.GetStride(NodeCodeLength, MaxDegree);
}

/// <summary>Where the parts of a stored graph lie: header, mean, query means, query entries, row offsets, rows, nodes of rows, then the
/// records.</summary>
internal readonly record struct HnswLayout
{
    public HnswLayout(in HnswHeader header)
    {
        MeanOffset = HnswHeader.Length;
        QueryMeansOffset = MeanOffset + ((long)header.Dimension * sizeof(float));
        QueryEntriesOffset = QueryMeansOffset + (header.HasQueryMeans ? 2L * header.CodeLength * sizeof(float) : 0);
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
