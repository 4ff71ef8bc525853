using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>
/// The text of an office document as it was read before its pages were drawn, which they must not lose: the notes to a slide stand on no
/// page, and what draws the pages may fail silently.
/// </summary>
internal sealed class TextBefore
{
    // Headings of parts are repeated, and lists of contents are left out on one side only; blank or broken pages show next to nothing.
    private const double ShownShare = 0.5;
    private const int MinLetters = 40;

    private readonly ILookup<int, string> _texts;

    /// <param name="texts">The text of each part, by the number of its slide or section, from 1.</param>
    /// <param name="areSlides">True when a number is that of a page.</param>
    public TextBefore(IEnumerable<KeyValuePair<int, string>> texts, bool areSlides)
    {
        _texts = texts.ToLookup(part => part.Key, part => part.Value);
        AreSlides = areSlides;
    }

    public bool AreSlides { get; }

    /// <summary>Slides that there are.</summary>
    public int SlideCount => AreSlides && _texts.Count > 0 ? _texts.Max(part => part.Key) : 0;

    /// <summary>The lines of a slide that its page does not show; each word may stand anywhere on it. Null for none, and for a text whose
    /// sections are no pages.</summary>
    /// <param name="page">From 1.</param>
    /// <param name="shown">What the page shows.</param>
    public TextLayer? FindUnseen(int page, TextLayer shown)
    {
        if (!AreSlides)
        {
            return null;
        }

        string letters = Letters(shown.Text);
        HashSet<string> words = [.. Words(shown.Text)];
        string unseen = string.Join('\n', _texts[page].SelectMany(text => text.Split('\n')).Select(line => line.Trim())
            .Where(line => Letters(line).Length > 0 && !letters.Contains(Letters(line), StringComparison.Ordinal)
                && !Words(line).All(words.Contains))
            .Distinct(StringComparer.Ordinal));
        return unseen.Length == 0 ? null : ToLayer(unseen);
    }

    /// <summary>What is wrong when pages show much less than was read; null when all is well.</summary>
    /// <param name="pages">What the pages show, of all pages.</param>
    public string? FindLoss(IEnumerable<TextLayer> pages)
    {
        long read = AreSlides ? 0 : _texts.Sum(part => part.Sum(text => (long)Letters(text).Length));
        long shown = pages.Sum(page => (long)Letters(page.Text).Length);
        return read >= MinLetters && shown < ShownShare * read
            ? $"they show {shown} letters of the {read} that the document has"
            : null;
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    private static IEnumerable<string> Words(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Letters).Where(word => word.Length > 0);

    private static TextLayer ToLayer(string text)
    {
        List<TextWord> words = [];
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !char.IsWhiteSpace(text[i]))
            {
                continue;
            }

            if (i > start)
            {
                words.Add(new TextWord(start, i - start, Place.Whole));
            }

            start = i + 1;
        }

        return new TextLayer(text, words);
    }
}
