using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Tiers;

/// <summary>The entries of a segment, dead ones included.</summary>
internal sealed class SegmentEntries(SegmentReader reader) : IEntrySource
{
    public int Dimension => reader.Space.Dimension;

    public int EntryCount => reader.EntryCount;

    public int CountRows(int entry) => reader.Entries[entry].RowCount;

    public void ReadRow(int entry, int row, Span<float> destination)
    {
        EntryRecord record = reader.Entries[entry];
        if (record.RowCount == 1)
        {
            PackedRows.Unpack(reader.Space.RowFormat, reader.GetRows(record), 1, Dimension, destination);
        }
        else
        {
            Read(entry).Row(row).CopyTo(destination);
        }
    }

    public MultiVector Read(int entry) => reader.Read(entry);
}
