using MultiVecRetrieval.Encoding.PageWords;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.KnownItems;

/// <summary>A page as lines of folded words, for making queries.</summary>
/// <param name="Key">Entry key of the page.</param>
/// <param name="Lines">Words of each printed line, left to right.</param>
internal sealed record PageText(string Key, IReadOnlyList<IReadOnlyList<string>> Lines)
{
    private static readonly LetterWords Letters = new("abcdefghijklmnopqrstuvwxyz0123456789", wordLength: 20);

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
            line.AddRange(Split(text.Text.Substring(word.Offset, word.Length)));
            previous = word.Place;
        }
        lines.Add(line);
        return new PageText(key, [.. lines.Where(words => words.Count > 0)]);
    }

    /// <summary>The words of a text, split and folded as the words of a query are.</summary>
    public static IReadOnlyList<string> Split(string text) => Letters.Split(text, out _);

    private static bool SharesLine(Place a, Place b) =>
        Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top) >= 0.5f * Math.Min(a.Bottom - a.Top, b.Bottom - b.Top);
}
