using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Generations;

/// <summary>A segment as one generation sees it: the file, its files of codes, and which of its entries have a tombstone.</summary>
internal sealed class LiveSegment(SegmentRecord record, SharedSegment shared, HashSet<long> deadEntries, IReadOnlyList<SharedCodes> codes)
{
    public SegmentRecord Record { get; } = record;

    public SharedSegment Shared { get; } = shared;

    /// <summary>Ids of entries that were deleted or replaced since the file was written.</summary>
    public HashSet<long> DeadEntries { get; } = deadEntries;

    /// <summary>Its files of codes, at most one per tier.</summary>
    public IReadOnlyList<SharedCodes> Codes { get; } = codes;

    /// <summary>The file of codes in a tier; null when there is none yet.</summary>
    public SharedCodes? FindCodes(long tierId) => Codes.FirstOrDefault(codes => codes.Record.TierId == tierId);

    /// <summary>The index of a live entry, or a negative number.</summary>
    public int IndexOf(long entryId)
    {
        if (entryId < Record.FirstEntry || entryId > Record.LastEntry || DeadEntries.Contains(entryId))
        {
            return -1;
        }

        return Shared.Reader.IndexOf(entryId);
    }
}
