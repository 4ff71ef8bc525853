using MultiVecRetrieval.Segments;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Search;

/// <summary>A piece of a scan that one thread does at a time.</summary>
/// <param name="Segment">Index of the segment in the layout.</param>
/// <param name="First">Index of the first entry in the segment.</param>
/// <param name="Count">Entries.</param>
/// <param name="Chunk">The chunk of codes that holds them; negative when they are scored by their rows.</param>
internal readonly record struct ScanItem(int Segment, int First, int Count, int Chunk)
{
    /// <summary>Rows that one item scores exactly, about: enough to outweigh handing it out, few enough to share evenly.</summary>
    private const long ExactRowCount = 8192;

    /// <summary>Divides all entries into items: chunks of codes where a segment has a file of codes in the tier, else ranges of entries.</summary>
    public static List<ScanItem> Divide(EntryLayout layout, LiveTier? tier)
    {
        List<ScanItem> items = [];
        for (int s = 0; s < layout.Segments.Length; s++)
        {
            LiveSegment segment = layout.Segments[s];
            if (tier is not null && segment.FindCodes(tier.Record.Id)?.Reader is { } codes)
            {
                ReadOnlySpan<ChunkRecord> chunks = codes.Chunks;
                for (int i = 0; i < chunks.Length; i++)
                    items.Add(new ScanItem(s, chunks[i].FirstEntry, chunks[i].EntryCount, i));

                continue;
            }

            SegmentReader reader = segment.Shared.Reader;
            int length = (int)Math.Clamp(ExactRowCount * reader.EntryCount / Math.Max(1, reader.RowCount), 1, 4096);
            for (int first = 0; first < reader.EntryCount; first += length)
                items.Add(new ScanItem(s, first, Math.Min(length, reader.EntryCount - first), -1));
        }

        return items;
    }
}
