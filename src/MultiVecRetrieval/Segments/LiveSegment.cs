namespace MultiVecRetrieval.Segments;

/// <summary>A segment as one generation sees it: the file, and which of its entries have a tombstone.</summary>
internal sealed class LiveSegment(SegmentRecord record, SharedSegment shared, HashSet<long> deadEntries)
{
    public SegmentRecord Record { get; } = record;

    public SharedSegment Shared { get; } = shared;

    /// <summary>Ids of entries that were deleted or replaced since the file was written.</summary>
    public HashSet<long> DeadEntries { get; } = deadEntries;

    /// <summary>The index of a live entry, or a negative number.</summary>
    public int IndexOf(long entryId)
    {
        if (entryId < Record.FirstEntry || entryId > Record.LastEntry || DeadEntries.Contains(entryId))
            return -1;

        return Shared.Reader.IndexOf(entryId);
    }
}
