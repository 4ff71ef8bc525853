using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Search;

/// <summary>A piece of a scan that one thread does at a time.</summary>
/// <param name="Segment">Index of the segment in the layout.</param>
/// <param name="First">Index of the first entry in the segment.</param>
/// <param name="Count">Entries.</param>
/// <param name="Chunk">The chunk of codes that holds them, and others where the codec lets threads share one; negative when they are scored
/// by their rows.</param>
internal readonly record struct ScanItem(int Segment, int First, int Count, int Chunk)
{
    /// <summary>Rows that one item scores, about: enough to outweigh handing it out, few enough to share evenly.</summary>
    private const long ItemRowCount = 8192;

    /// <summary>Divides all entries into items: chunks of codes, or ranges within them, where a segment has a file of codes in the tier,
    /// else ranges of entries.</summary>
    public static List<ScanItem> Divide(EntryLayout layout, LiveTier? tier)
    {
        List<ScanItem> items = [];
        for (int s = 0; s < layout.Segments.Length; s++)
        {
            LiveSegment segment = layout.Segments[s];
            if (tier is not null && segment.FindCodes(tier.Record.Id)?.Reader is { } codes)
            {
                ReadOnlySpan<ChunkRecord> chunks = codes.Chunks;
                int part = tier.Method.IsDivisible ? GetLength(segment.Shared.Reader) : int.MaxValue;
                for (int i = 0; i < chunks.Length; i++)
                {
                    Divide(items, new ScanItem(s, chunks[i].FirstEntry, chunks[i].EntryCount, i), part);
                }

                continue;
            }

            SegmentReader reader = segment.Shared.Reader;
            Divide(items, new ScanItem(s, 0, reader.EntryCount, -1), GetLength(reader));
        }

        return items;
    }

    private static int GetLength(SegmentReader reader)
        => (int)Math.Clamp(ItemRowCount * reader.EntryCount / Math.Max(1, reader.RowCount), 1, 4096);

    private static void Divide(List<ScanItem> items, ScanItem whole, int length)
    {
        for (int first = 0; first < whole.Count; first += length)
        {
            length = Math.Min(length, whole.Count - first);
            items.Add(whole with { First = whole.First + first, Count = length });
        }
    }
}
