using MultiVecRetrieval.Files;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Generations;

/// <summary>Writes the live entries of several segments of one space into a new one, in the row format that the space has now.</summary>
internal static class SegmentMerger
{
    /// <returns>The new segment, on the device; null when no entry is alive.</returns>
    /// <exception cref="ArgumentException">A value does not fit the row format that the space has now.</exception>
    /// <exception cref="CorruptSegmentException">A source is damaged: checked first, because a copy would get a valid checksum.</exception>
    public static SegmentRecord? Merge(
        IReadOnlyList<LiveSegment> sources, Storage storage, string folder, long segmentId, Space space,
            CancellationToken cancellationToken)
    {
        List<(long EntryId, int Source, int Index)> order = [];
        for (int s = 0; s < sources.Count; s++)
        {
            sources[s].Shared.Reader.Verify(cancellationToken);
            ReadOnlySpan<EntryRecord> entries = sources[s].Shared.Reader.Entries;
            for (int i = 0; i < entries.Length; i++)
            {
                if (!sources[s].DeadEntries.Contains(entries[i].EntryId))
                {
                    order.Add((entries[i].EntryId, s, i));
                }
            }
        }

        if (order.Count == 0)
        {
            return null;
        }

        order.Sort();
        using SegmentWriter writer = new(storage, folder, segmentId, space);
        foreach ((long entryId, int source, int index) in order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SegmentReader reader = sources[source].Shared.Reader;
            EntryRecord entry = reader.Entries[index];
            writer.Add(entryId, GetRows(reader, index, space), entry.RowCount, reader.GetPlaces(index), entry.Flags);
        }

        return writer.Complete();
    }

    private static ReadOnlySpan<byte> GetRows(SegmentReader reader, int index, Space space)
    {
        if (reader.Space.RowFormat == space.RowFormat)
        {
            return reader.GetRows(index);
        }

        EntryRecord entry = reader.Entries[index];
        float[] values = new float[entry.RowCount * space.Dimension];
        PackedRows.Unpack(reader.Space.RowFormat, reader.GetRows(index), entry.RowCount, space.Dimension, values);
        byte[] packed = new byte[PackedRows.GetSizeInBytes(space.RowFormat, entry.RowCount, space.Dimension)];
        PackedRows.Pack(space.RowFormat, new MultiVectorView(space.Dimension, values), packed);
        return packed;
    }
}
