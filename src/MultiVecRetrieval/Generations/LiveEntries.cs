using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Generations;

/// <summary>Where the rows of a space's live entries lie.</summary>
internal static class LiveEntries
{
    /// <summary>The live entries, segment by segment.</summary>
    /// <param name="set">The segments.</param>
    /// <param name="space">The space.</param>
    /// <param name="skipsDamaged">True to leave out segments that cannot be read.</param>
    /// <exception cref="CorruptSegmentException">A segment cannot be read, and none may be left out.</exception>
    public static IEnumerable<(SegmentReader Reader, int Index)> List(SegmentSet set, string space, bool skipsDamaged)
    {
        foreach (LiveSegment segment in set.OfSpace(space))
        {
            if ((skipsDamaged ? segment.Shared.ReaderOrNull : segment.Shared.Reader) is not { } reader)
            {
                continue;
            }

            for (int i = 0; i < reader.EntryCount; i++)
            {
                if (!segment.DeadEntries.Contains(reader.Entries[i].EntryId))
                {
                    yield return (reader, i);
                }
            }
        }
    }
}
