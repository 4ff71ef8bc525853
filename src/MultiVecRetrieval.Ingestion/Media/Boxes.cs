using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Boxes of places.</summary>
internal static class Boxes
{
    // Lines of a paragraph stand less than a line apart.
    private const float LineGap = 0.9f;

    /// <summary>The box, and the span of time, around two places.</summary>
    public static Place Around(Place one, Place other) => new(
        Math.Min(one.Left, other.Left), Math.Min(one.Top, other.Top), Math.Max(one.Right, other.Right), Math.Max(one.Bottom, other.Bottom),
        Math.Min(one.StartSeconds, other.StartSeconds), Math.Max(one.EndSeconds, other.EndSeconds));

    /// <summary>Few boxes around words that are read one after the other: lines below each other become one box.</summary>
    public static IReadOnlyList<Place> Join(IEnumerable<PageWord> words)
    {
        List<Place> lines = [];
        foreach (PageWord word in words)
        {
            if (lines.Count > 0 && IsSameLine(lines[^1], word.Place))
            {
                lines[^1] = Around(lines[^1], word.Place);
            }
            else
            {
                lines.Add(word.Place);
            }
        }

        List<Place> boxes = [];
        float height = 0;
        foreach (Place line in lines)
        {
            if (boxes.Count > 0 && IsBelow(boxes[^1], line, height))
            {
                boxes[^1] = Around(boxes[^1], line);
            }
            else
            {
                boxes.Add(line);
            }

            height = line.Bottom - line.Top;
        }

        return boxes;
    }

    private static bool IsSameLine(Place line, Place word)
    {
        float shared = Math.Min(line.Bottom, word.Bottom) - Math.Max(line.Top, word.Top);
        return shared > 0.5f * Math.Min(line.Bottom - line.Top, word.Bottom - word.Top) && line.StartSeconds.Equals(word.StartSeconds);
    }

    private static bool IsBelow(Place box, Place line, float height)
    {
        float gap = line.Top - box.Bottom;
        return gap < LineGap * Math.Max(height, line.Bottom - line.Top) && line.Bottom > box.Bottom
            && line.Left < box.Right && box.Left < line.Right && line.StartSeconds.Equals(box.StartSeconds);
    }
}
