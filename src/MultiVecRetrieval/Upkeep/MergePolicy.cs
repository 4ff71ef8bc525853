using MultiVecRetrieval.Generations;

namespace MultiVecRetrieval.Upkeep;

/// <summary>
/// Chooses what to merge. Segments of a space are put into size classes, each four times as large as the one below; a full class is
/// merged into one file of the next. A row is so rewritten at most once per class: log₄ of the collection's size in MiB.
/// </summary>
internal static class MergePolicy
{
    private const double ClassFactor = 4;
    private const long SmallestClass = 1 << 20;

    /// <summary>Larger files are left alone until half of their entries are dead.</summary>
    private const long LargestSource = 1L << 30;

    /// <summary>The next group to merge; empty when there is nothing to do.</summary>
    public static IReadOnlyList<LiveSegment> Choose(SegmentSet set, int segmentCount)
    {
        if (segmentCount == 0)
        {
            return [];
        }

        List<LiveSegment> readable = [.. set.Segments.Where(segment => segment.Shared.ReaderOrNull is not null)];
        foreach (LiveSegment segment in readable)
        {
            if (segment.Record.DeadEntryCount * 2L > segment.Record.EntryCount)
            {
                return [segment];
            }
        }

        return readable
            .Where(segment => segment.Record.SizeInBytes < LargestSource)
            .GroupBy(segment => (segment.Record.SpaceName, Class: GetClass(segment.Record.SizeInBytes)))
            .Where(group => group.Count() >= segmentCount)
            .OrderBy(group => group.Key.Class)
            .Select(group => group.ToList())
            .FirstOrDefault() ?? [];
    }

    /// <summary>A segment whose rows are not stored as its space wants them; empty when there is none.</summary>
    public static IReadOnlyList<LiveSegment> ChooseReformatted(SegmentSet set) => set.Segments
        .Where(segment => segment.Shared.ReaderOrNull is not null
            && segment.Record.RowFormat != set.GetSpace(segment.Record.SpaceName).RowFormat)
        .Take(1)
        .ToList();

    /// <summary>Everything of a space that is not one clean segment yet.</summary>
    public static IReadOnlyList<LiveSegment> ChooseAll(SegmentSet set, string space)
    {
        List<LiveSegment> segments = [.. set.OfSpace(space)];
        return segments.Count > 1
            || segments.Any(segment => segment.Record.DeadEntryCount > 0 || segment.Record.RowFormat != set.GetSpace(space).RowFormat)
            ? segments
            : [];
    }

    private static int GetClass(long size) => size <= SmallestClass ? 0 : (int)Math.Log((double)size / SmallestClass, ClassFactor) + 1;
}
