namespace MultiVecRetrieval.Segments;

/// <summary>Writes the live entries of several segments of one space into a new one.</summary>
internal static class SegmentMerger
{
    /// <returns>The new segment, on the device; null when no entry is alive.</returns>
    /// <exception cref="CorruptSegmentException">A source is damaged: checked first, because a copy would get a valid checksum.</exception>
    public static SegmentRecord? Merge(
        IReadOnlyList<LiveSegment> sources, Storage storage, string folder, long segmentId, CancellationToken cancellationToken)
    {
        List<(long EntryId, int Source, int Index)> order = [];
        for (int s = 0; s < sources.Count; s++)
        {
            sources[s].Shared.Reader.Verify(cancellationToken);
            ReadOnlySpan<EntryRecord> entries = sources[s].Shared.Reader.Entries;
            for (int i = 0; i < entries.Length; i++)
            {
                if (!sources[s].DeadEntries.Contains(entries[i].EntryId))
                    order.Add((entries[i].EntryId, s, i));
            }
        }

        if (order.Count == 0)
            return null;

        order.Sort();
        using SegmentWriter writer = new(storage, folder, segmentId, sources[0].Shared.Reader.Space);
        foreach ((long entryId, int source, int index) in order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SegmentReader reader = sources[source].Shared.Reader;
            EntryRecord entry = reader.Entries[index];
            writer.Add(entryId, reader.GetRows(index), entry.RowCount, reader.GetPlaces(index), entry.Flags);
        }

        return writer.Complete();
    }
}
