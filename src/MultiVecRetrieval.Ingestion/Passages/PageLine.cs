using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Passages;

/// <summary>A line of a page.</summary>
internal sealed class PageLine
{
    /// <param name="words">Its words, left to right as they are read; at least one.</param>
    /// <param name="block">Number of the block that it stands in; lines of a paragraph share it.</param>
    public PageLine(IReadOnlyList<PageWord> words, int block)
    {
        Words = words;
        Block = block;
        Box = words[0].Place;
        foreach (PageWord word in words)
        {
            Box = Boxes.Around(Box, word.Place);
        }

        float[] heights = [.. words.Select(word => word.Place.Bottom - word.Place.Top).Order()];
        Height = heights[heights.Length / 2];
        Text = string.Join(' ', words.Select(word => word.Text));
    }

    public IReadOnlyList<PageWord> Words { get; }

    public int Block { get; }

    public Place Box { get; }

    /// <summary>Height of its letters, the median of its words, as a share of the page.</summary>
    public float Height { get; }

    public string Text { get; }

    /// <summary>True when the other line stands beside this one: they share most of their height.</summary>
    public bool IsBeside(PageLine other)
    {
        float shared = Math.Min(Box.Bottom, other.Box.Bottom) - Math.Max(Box.Top, other.Box.Top);
        return shared > 0.5f * Math.Min(Box.Bottom - Box.Top, other.Box.Bottom - other.Box.Top);
    }

    /// <summary>The lines of a text layer, in its order.</summary>
    public static List<PageLine> Read(TextLayer text)
    {
        List<PageLine> lines = [];
        List<PageWord> words = [];
        int block = 0;
        int end = 0;
        foreach (TextWord word in text.Words)
        {
            ReadOnlySpan<char> between = text.Text.AsSpan(end, Math.Max(0, word.Offset - end));
            int breaks = between.Count('\n');
            if (breaks > 0 && words.Count > 0)
            {
                lines.Add(new PageLine(words, block));
                words = [];
            }

            block += breaks > 1 ? 1 : 0;
            words.Add(new PageWord(text.Text.Substring(word.Offset, word.Length), word.Place));
            end = word.Offset + word.Length;
        }

        if (words.Count > 0)
        {
            lines.Add(new PageLine(words, block));
        }

        return lines;
    }
}
