using System.Globalization;

namespace MultiVecRetrieval.Eval.KnownItems;

/// <summary>
/// Draws queries from the text of pages, so that the right answers are known without anybody judging them.
/// </summary>
/// <remarks>
/// A phrase is four to six words in a row of one line once short words (under four letters) and common words are struck
/// out of it; it must occur on one page only. A word has at least four letters, a code at least three characters of which
/// one is a digit; all pages that hold it are answers. Folding and splitting are those of <see cref="PageText.Split"/>.
/// </remarks>
internal sealed class KnownItemGenerator
{
    private const int MinWordLength = 4;
    private const int MinCodeLength = 3;
    private const int MaxLength = 20;

    private readonly KnownItemOptions _options;
    private readonly IReadOnlyList<PageText> _pages;
    private readonly Dictionary<string, SortedSet<string>> _pagesOfWord = new(StringComparer.Ordinal);

    public KnownItemGenerator(IReadOnlyList<PageText> pages, KnownItemOptions options)
    {
        options.Validate();
        _options = options;
        _pages = [.. pages.OrderBy(page => page.Key, StringComparer.Ordinal)];
        foreach (PageText page in _pages)
        {
            foreach (string word in page.Words)
            {
                if (!_pagesOfWord.TryGetValue(word, out SortedSet<string>? keys))
                {
                    _pagesOfWord[word] = keys = new SortedSet<string>(StringComparer.Ordinal);
                }

                keys.Add(page.Key);
            }
        }
    }

    /// <summary>The queries; fewer of a kind when the pages do not hold enough of them.</summary>
    public IReadOnlyList<KnownItem> Generate()
    {
        int single = _options.Count / 4;
        return
        [
            .. Phrases(_options.Count - 2 * single),
            .. Singles(KnownItemKind.Word, single, word => word.Length >= MinWordLength && word.All(char.IsAsciiLetter)),
            .. Singles(KnownItemKind.Code, single, word => word.Length >= MinCodeLength && word.Any(char.IsAsciiDigit)),
        ];
    }

    private IEnumerable<KnownItem> Singles(KnownItemKind kind, int count, Func<string, bool> isOfKind)
    {
        string[] words =
        [
            .. _pagesOfWord.Where(pair => pair.Value.Count <= _options.MaxPages && pair.Key.Length <= MaxLength && isOfKind(pair.Key))
                .Select(pair => pair.Key).Order(StringComparer.Ordinal),
        ];
        NewRandom(kind).Shuffle(words);
        return words.Take(count).Select((word, i) => new KnownItem(IdOf(kind, i), kind, word, [.. _pagesOfWord[word]]));
    }

    private List<KnownItem> Phrases(int count)
    {
        Dictionary<string, int> pagesOfLine = new(StringComparer.Ordinal);
        List<(string Key, List<string[]> Lines)> candidates = [];
        foreach (PageText page in _pages)
        {
            List<string[]> lines = [.. page.Lines.Select(Telling).Where(line => line.Length >= 4)];
            if (lines.Count > 0)
            {
                candidates.Add((page.Key, lines));
            }

            foreach (string text in page.Lines.Select(Telling).Select(Joined).Distinct(StringComparer.Ordinal))
            {
                pagesOfLine[text] = pagesOfLine.GetValueOrDefault(text) + 1;
            }
        }

        Random random = NewRandom(KnownItemKind.Phrase);
        List<KnownItem> items = [];
        HashSet<string> used = new(StringComparer.Ordinal);
        // Twenty tries for each query wanted: pages of repeated boilerplate yield nothing, and the loop must end.
        for (int i = 0; i < 20 * count && items.Count < count && candidates.Count > 0; i++)
        {
            (string key, List<string[]> lines) = candidates[random.Next(candidates.Count)];
            string[] line = lines[random.Next(lines.Count)];
            int length = Math.Min(line.Length, random.Next(4, 7));
            int start = random.Next(line.Length - length + 1);
            string phrase = string.Join(' ', line[start..(start + length)]);
            string needle = $" {phrase} ";
            int holders = pagesOfLine.Where(pair => pair.Key.Contains(needle, StringComparison.Ordinal)).Sum(pair => pair.Value);
            if (holders == 1 && used.Add(phrase))
            {
                items.Add(new KnownItem(IdOf(KnownItemKind.Phrase, items.Count), KnownItemKind.Phrase, phrase, [key]));
            }
        }
        return items;
    }

    private string[] Telling(IReadOnlyList<string> line) =>
    [
        .. line.Where(word => word.Length is >= MinWordLength and <= MaxLength
            && _pagesOfWord[word].Count <= _options.MaxDocumentFrequency * _pages.Count),
    ];

    private static string Joined(string[] line) => $" {string.Join(' ', line)} ";

    private Random NewRandom(KnownItemKind kind) => new(_options.Seed * 10 + (int)kind);

    private static string IdOf(KnownItemKind kind, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind.ToString().ToLowerInvariant()}-{index + 1:000}");
}
