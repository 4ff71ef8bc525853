using System.Globalization;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Passages;

/// <summary>
/// Cuts the text of a page into passages: paragraphs packed up to a size, a new passage at each heading, long paragraphs in windows that
/// overlap by a quarter. Running heads are left out, and pages that only list others (contents, an index): near to every question and an
/// answer to none.
/// </summary>
/// <param name="countTokens">Tokens of a word.</param>
/// <param name="maxTokens">Tokens of a passage at most, about.</param>
internal sealed class PassageCutter(Func<string, int> countTokens, int maxTokens)
{
    // A heading and a line or two are no passage of their own; the next paragraph joins them.
    private const int MinTokens = 30;
    private const double ListingShare = 0.5;
    private const int MinListingLines = 8;

    // Of the lines of a page with columns more than this share have running text beside them.
    private const double ColumnShare = 0.3;
    private const int ColumnWords = 4;
    private const int ColumnCharacters = 20;

    /// <summary>The passages of a page, in reading order.</summary>
    public IReadOnlyList<Passage> Cut(TextLayer page, DocumentLayout document)
    {
        List<PageLine> lines = JoinRows([.. PageLine.Read(page).Where(line => !document.IsRunning(line))]);
        if (IsListing(lines))
        {
            return [];
        }

        List<Passage> passages = [];
        List<PageLine> current = [];
        int tokens = 0;
        bool hasBody = false;
        foreach ((List<PageLine> paragraph, bool isHeading) in Paragraphs(lines, document))
        {
            int more = paragraph.Sum(line => line.Words.Sum(word => countTokens(word.Text)));
            if ((isHeading && hasBody) || (tokens > MinTokens && tokens + more > maxTokens))
            {
                Flush();
            }

            current.AddRange(paragraph);
            tokens += more;
            hasBody |= !isHeading;
        }

        Flush();
        return passages;

        void Flush()
        {
            passages.AddRange(Windows(Words(current, document)).Select(ToPassage));
            (current, tokens, hasBody) = ([], 0, false);
        }
    }

    /// <summary>The passages of a section of a text, which has no margins and columns: blocks packed up to a size.</summary>
    public IReadOnlyList<Passage> CutSection(TextLayer section)
    {
        List<Passage> passages = [];
        List<PageLine> current = [];
        int tokens = 0;
        foreach (IGrouping<int, PageLine> block in PageLine.Read(section).GroupBy(line => line.Block))
        {
            int more = block.Sum(line => line.Words.Sum(word => countTokens(word.Text)));
            if (tokens > MinTokens && tokens + more > maxTokens)
            {
                Flush();
            }

            current.AddRange(block);
            tokens += more;
        }

        Flush();
        return passages;

        void Flush()
        {
            passages.AddRange(Windows(Words(current, DocumentLayout.Unknown)).Select(ToPassage));
            (current, tokens) = ([], 0);
        }
    }

    /// <summary>Packs pieces of text that follow each other, such as subtitles, into passages.</summary>
    public IReadOnlyList<Passage> Pack(IEnumerable<PageWord> words) => [.. Windows([.. words]).Select(ToPassage)];

    private static Passage ToPassage(List<PageWord> words) => new(string.Join(' ', words.Select(word => word.Text)), Boxes.Join(words));

    // Lines end in page numbers; figures in tables do so too, but not half of a page's lines with words before them.
    private static bool IsListing(List<PageLine> lines) =>
        lines.Count >= MinListingLines
        && lines.Count(line => line.Words.Count > 1 && IsPageNumber(line.Words[^1].Text) && line.Text.Any(char.IsLetter))
            > ListingShare * lines.Count;

    private static bool IsPageNumber(string word) =>
        word.Trim('.', ',').Length is >= 1 and <= 4 && word.Trim('.', ',').All(char.IsAsciiDigit);

    private static List<(List<PageLine> Lines, bool IsHeading)> Paragraphs(List<PageLine> lines, DocumentLayout document)
    {
        const float ParagraphGap = 0.45f;
        List<(List<PageLine> Lines, bool IsHeading)> paragraphs = [];
        PageLine? last = null;
        foreach (PageLine line in lines)
        {
            bool isHeading = document.IsHeading(line);
            float gap = last is null ? 0 : line.Box.Top - last.Box.Bottom;
            bool goesOn = last is not null && !isHeading && !paragraphs[^1].IsHeading
                && (line.Block == last.Block || (gap >= 0 && gap < ParagraphGap * line.Height));
            if (goesOn)
            {
                paragraphs[^1].Lines.Add(line);
            }
            else
            {
                paragraphs.Add(([line], isHeading));
            }

            last = line;
        }

        return paragraphs;
    }

    // Signatures and tables come as pieces of rows. Columns of running text do so as well, and stay apart.
    private static List<PageLine> JoinRows(List<PageLine> lines)
    {
        static bool IsRunningText(PageLine line) => line.Words.Count >= ColumnWords || line.Text.Length >= ColumnCharacters;
        int beside = lines.Count(line => IsRunningText(line)
            && lines.Exists(other => !ReferenceEquals(other, line) && IsRunningText(other) && other.Box.Left > line.Box.Right
                && line.IsBeside(other)));
        if (beside > ColumnShare * lines.Count)
        {
            return lines;
        }

        List<PageLine> rows = [];
        foreach (PageLine line in lines.OrderBy(line => line.Box.Top + line.Box.Bottom))
        {
            if (rows.Count > 0 && rows[^1].IsBeside(line))
            {
                PageWord[] words = [.. rows[^1].Words.Concat(line.Words).OrderBy(word => word.Place.Left)];
                rows[^1] = new PageLine(words, Math.Min(rows[^1].Block, line.Block));
            }
            else
            {
                rows.Add(line);
            }
        }

        return rows;
    }

    private static List<PageWord> Words(List<PageLine> lines, DocumentLayout document)
    {
        List<PageWord> words = [];
        foreach (PageLine line in lines)
        {
            for (int i = 0; i < line.Words.Count; i++)
            {
                PageWord word = line.Words[i];
                if (IsRule(word.Text))
                {
                    continue;
                }

                if (i == 0 && words.Count > 0 && document.Rejoin(words[^1].Text, word.Text) is { } joined)
                {
                    words[^1] = new PageWord(joined, Boxes.Around(words[^1].Place, word.Place));
                }
                else
                {
                    words.Add(word);
                }
            }
        }

        return words;
    }

    // Dot leaders and lines drawn of characters.
    private static bool IsRule(string word) =>
        word == "." || (word.Length > 1 && word.All(c => c is '.' or '\u00B7' or '\u2026' or '_' or '-' or '=' or '|'));

    private IEnumerable<List<PageWord>> Windows(List<PageWord> words)
    {
        // A paragraph a little too long stays whole.
        int size = maxTokens + (maxTokens / 5);
        List<(PageWord Word, int Tokens)> counted = [.. words.SelectMany(word => Split(word, size))];
        int start = 0;
        while (start < counted.Count)
        {
            (int end, int tokens) = (start, 0);
            while (end < counted.Count && (end == start || tokens + counted[end].Tokens <= size))
            {
                tokens += counted[end++].Tokens;
            }

            yield return [.. counted[start..end].Select(item => item.Word)];
            if (end == counted.Count)
            {
                yield break;
            }

            (int next, int passed) = (start, 0);
            while (next < end && (next == start || passed < size * 3 / 4))
            {
                passed += counted[next++].Tokens;
            }

            start = next;
        }
    }

    // Writing without spaces comes as words of whole lines, or of whole paragraphs.
    private IEnumerable<(PageWord Word, int Tokens)> Split(PageWord word, int size)
    {
        int tokens = countTokens(word.Text);
        if (tokens <= size)
        {
            yield return (word, tokens);
            yield break;
        }

        int[] characters = StringInfo.ParseCombiningCharacters(word.Text);
        int parts = (tokens + size - 1) / size;
        for (int part = 0; part < parts; part++)
        {
            int from = characters[(int)((long)part * characters.Length / parts)];
            int to = part == parts - 1 ? word.Text.Length : characters[(int)((long)(part + 1) * characters.Length / parts)];
            if (to > from)
            {
                yield return (word with { Text = word.Text[from..to] }, tokens / parts);
            }
        }
    }
}
