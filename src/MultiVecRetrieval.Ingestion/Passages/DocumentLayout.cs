using System.Text.RegularExpressions;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Passages;

/// <summary>
/// What the pages of a document have in common, which one page alone does not tell: running heads and feet, the height of the body's
/// letters, and which words it uses. Immutable.
/// </summary>
internal sealed partial class DocumentLayout
{
    // Where running heads and feet stand, as shares of the page.
    private const float HeadMargin = 0.105f;
    private const float FootMargin = 0.075f;

    // A manual full of program text has more words of program text than of any other kind; the body is the tallest height of letters
    // that at least this share of all words have.
    private const double BodyShare = 0.1;
    private const float HeadingHeight = 1.09f;
    private const int MaxHeadingWords = 14;

    private readonly HashSet<string> _running;
    private readonly HashSet<string> _words;
    private readonly float _bodyHeight;

    private DocumentLayout(HashSet<string> running, HashSet<string> words, float bodyHeight)
    {
        _running = running;
        _words = words;
        _bodyHeight = bodyHeight;
    }

    /// <summary>A document of which nothing is known: of one page, or of recognised text.</summary>
    public static DocumentLayout Unknown { get; } = new([], [], float.PositiveInfinity);

    /// <summary>Looks at all pages of a document; pages without text may be left out.</summary>
    public static DocumentLayout Of(IEnumerable<TextLayer> pages)
    {
        Dictionary<string, int> margins = new(StringComparer.Ordinal);
        Dictionary<int, int> heights = [];
        HashSet<string> words = new(StringComparer.Ordinal);
        foreach (TextLayer page in pages)
        {
            HashSet<string> ofPage = new(StringComparer.Ordinal);
            foreach (PageLine line in PageLine.Read(page))
            {
                if (IsInMargin(line) && ofPage.Add(WithoutNumbers(line.Text)))
                {
                    margins[WithoutNumbers(line.Text)] = margins.GetValueOrDefault(WithoutNumbers(line.Text)) + 1;
                }

                foreach (PageWord word in line.Words)
                {
                    int step = HeightStep(word.Place.Bottom - word.Place.Top);
                    heights[step] = heights.GetValueOrDefault(step) + 1;
                    words.Add(Bare(word.Text));
                }
            }
        }

        int all = heights.Values.Sum();
        int body = heights.Where(height => height.Value >= BodyShare * all).Select(height => height.Key).DefaultIfEmpty(0).Max();
        return new DocumentLayout(
            margins.Where(line => line.Value >= 2).Select(line => line.Key).ToHashSet(StringComparer.Ordinal), words,
            body == 0 ? float.PositiveInfinity : body / HeightSteps);
    }

    /// <summary>True for a line in the margin that other pages have too, whatever numbers it holds, or that is a page number.</summary>
    public bool IsRunning(PageLine line)
    {
        if (!IsInMargin(line))
        {
            return false;
        }

        string text = WithoutNumbers(line.Text);
        return text.Length <= 2 || _running.Contains(text);
    }

    /// <summary>True for a short line in letters taller than the body's.</summary>
    public bool IsHeading(PageLine line) =>
        line.Words.Count <= MaxHeadingWords && line.Height > _bodyHeight * HeadingHeight && line.Text.Count(char.IsLetter) >= 3
        && !line.Text.Contains("....", StringComparison.Ordinal) && !line.Text.Contains(". . .", StringComparison.Ordinal);

    /// <summary>Puts a word together that was broken at the end of a line.</summary>
    /// <param name="first">Its beginning, with the hyphen.</param>
    /// <param name="second">What the next line begins with.</param>
    /// <returns>The word without the hyphen when the document has it elsewhere, else with it; null when it was not broken.</returns>
    public string? Rejoin(string first, string second)
    {
        if (first.Length < 3 || first[^1] is not ('-' or '\u2010' or '\u00AD') || !char.IsLetter(first[^2]) || !char.IsLower(second[0]))
        {
            return null;
        }

        string joined = first[..^1] + second;
        return first[^1] == '\u00AD' || _words.Contains(Bare(joined)) ? joined : first + second;
    }

    // Heights are counted in steps of a 2,000th of the page: half a point on A4.
    private const float HeightSteps = 2000f;

    private static int HeightStep(float height) => (int)MathF.Round(height * HeightSteps);

    private static bool IsInMargin(PageLine line) => line.Box.Bottom < HeadMargin || line.Box.Top > 1 - FootMargin;

    private static string WithoutNumbers(string text) => Numbers().Replace(text.ToLowerInvariant(), "#").Trim();

    private static string Bare(string word) => word.Trim('.', ',', ';', ':', ')', '(', '\u2019', '\u2018', '"').ToLowerInvariant();

    [GeneratedRegex(@"\d+|\b[ivxlc]+\b", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
