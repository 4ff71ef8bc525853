using System.Globalization;
using System.Text;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.KnownItems;

/// <summary>A page as lines of folded words, for making queries.</summary>
/// <param name="Key">Entry key of the page.</param>
/// <param name="Lines">Words of each printed line, left to right.</param>
internal sealed record PageText(string Key, IReadOnlyList<IReadOnlyList<string>> Lines)
{
    /// <summary>All words of the page.</summary>
    public IEnumerable<string> Words => Lines.SelectMany(line => line);

    /// <summary>Groups the words of a text layer into lines by their boxes: a word joins the line it overlaps by half its height.</summary>
    public static PageText From(string key, TextLayer text)
    {
        List<IReadOnlyList<string>> lines = [];
        List<string> line = [];
        Place? previous = null;
        foreach (TextWord word in text.Words)
        {
            // Reading order is kept, so a word that moves back to the left or off the line's height begins a new line.
            if (previous is { } last && !(SharesLine(last, word.Place) && word.Place.Left >= last.Left))
            {
                lines.Add(line);
                line = [];
            }
            line.AddRange(Split(text.Text.AsSpan(word.Offset, word.Length)));
            previous = word.Place;
        }
        lines.Add(line);
        return new PageText(key, [.. lines.Where(words => words.Count > 0)]);
    }

    /// <summary>The runs of a-z and 0-9 of a text after compatibility decomposition; marks are dropped, everything else separates.</summary>
    public static List<string> Split(ReadOnlySpan<char> text)
    {
        List<string> words = [];
        StringBuilder word = new();
        foreach (char c in text.ToString().Normalize(NormalizationForm.FormKD))
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                word.Append(char.ToLowerInvariant(c));
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
        if (word.Length > 0)
            words.Add(word.ToString());
        return words;
    }

    private static bool SharesLine(Place a, Place b) =>
        Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top) >= 0.5f * Math.Min(a.Bottom - a.Top, b.Bottom - b.Top);
}
