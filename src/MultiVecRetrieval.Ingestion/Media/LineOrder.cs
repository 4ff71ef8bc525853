using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// Brings the words of a line from the order in which they stand on the page, left to right, into the order in which they are read; and
/// puts together what comes letter by letter: widely spaced headings, and right-to-left text of some writers.
/// </summary>
/// <remarks>
/// The order is the inverse of what the Unicode bidirectional algorithm (Unicode Standard Annex 9, rule L2) does to a line of one
/// embedding: runs of numbers and left-to-right letters keep their order, everything else is turned.
/// </remarks>
internal static class LineOrder
{
    // Letters of a heading are spaced evenly, and by less than a word of its size is from the next.
    private const int MinSpacedLetters = 5;
    private const float MaxLetterGap = 0.6f;

    // Letters of one word touch; words stand a sixth of the height apart at least.
    private const float WordGap = 0.15f;

    private static readonly Dictionary<char, char> Mirrored = new()
    {
        ['('] = ')',
        [')'] = '(',
        ['['] = ']',
        [']'] = '[',
        ['{'] = '}',
        ['}'] = '{',
        ['<'] = '>',
        ['>'] = '<',
        ['\u00AB'] = '\u00BB',
        ['\u00BB'] = '\u00AB',
    };

    /// <summary>The words in the order in which they are read.</summary>
    /// <param name="words">The words of one line, from left to right.</param>
    /// <param name="aspect">Width of the page by its height: places are shares of both.</param>
    public static IReadOnlyList<PageWord> Read(IReadOnlyList<PageWord> words, float aspect)
    {
        int right = words.Sum(word => word.Text.EnumerateRunes().Count(IsRightToLeft));
        if (right == 0)
        {
            return JoinSpaced(words, aspect);
        }

        List<PageWord> line = JoinTouching([.. words.OrderBy(word => word.Place.Left)], aspect);
        int left = words.Sum(word => word.Text.EnumerateRunes().Count(rune => Rune.IsLetter(rune) && !IsRightToLeft(rune)));
        bool isRightToLeft = right > left;
        if (isRightToLeft)
        {
            line.Reverse();
        }

        // Neighbours that run against the line were turned with it, or were not turned in a line that runs to the right.
        for (int start = 0; start < line.Count; start++)
        {
            int end = start;
            while (end < line.Count && IsAgainst(line[end], isRightToLeft))
            {
                end++;
            }

            line.Reverse(start, end - start);
            start = Math.Max(start, end - 1);
        }

        return [.. line.Select(word => word.Text.EnumerateRunes().Any(IsRightToLeft) ? word with { Text = Turn(word.Text) } : word)];
    }

    private static bool IsAgainst(PageWord word, bool isRightToLeft)
    {
        bool hasRight = word.Text.EnumerateRunes().Any(IsRightToLeft);
        return isRightToLeft ? !hasRight && word.Text.Any(char.IsLetterOrDigit) : hasRight;
    }

    // Hebrew, Arabic, Syriac, Thaana, N'Ko and their presentation forms.
    private static bool IsRightToLeft(Rune rune) => rune.Value is (>= 0x0590 and <= 0x08FF and not (>= 0x0660 and <= 0x0669)
        and not (>= 0x06F0 and <= 0x06F9)) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFE);

    // Turns a word, but for the numbers and left-to-right letters in it. Marks stay with their letters.
    private static string Turn(string word)
    {
        List<string> parts = [];
        StringBuilder run = new();
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(word);
        while (elements.MoveNext())
        {
            string element = elements.GetTextElement();
            if (element.EnumerateRunes().Any(rune => Rune.IsLetterOrDigit(rune) && !IsRightToLeft(rune)))
            {
                run.Append(element);
                continue;
            }

            Flush();
            parts.Add(element.Length == 1 && Mirrored.TryGetValue(element[0], out char mirror) ? mirror.ToString() : element);
        }

        Flush();
        parts.Reverse();
        return string.Concat(parts);

        void Flush()
        {
            if (run.Length > 0)
            {
                parts.Add(run.ToString());
                run.Clear();
            }
        }
    }

    // Letters that touch are a word; writers that place glyphs one by one give each as a word of its own.
    private static List<PageWord> JoinTouching(List<PageWord> words, float aspect)
    {
        List<PageWord> joined = [];
        bool wasLetter = false;
        foreach (PageWord word in words)
        {
            bool isLetter = IsOneElement(word.Text);
            float gap = joined.Count == 0 ? 0 : aspect * (word.Place.Left - joined[^1].Place.Right);
            if (joined.Count > 0 && isLetter && wasLetter && gap < WordGap * (word.Place.Bottom - word.Place.Top))
            {
                joined[^1] = Join(joined[^1], word);
            }
            else
            {
                joined.Add(word);
            }

            wasLetter = isLetter;
        }

        return joined;
    }

    private static List<PageWord> JoinSpaced(IReadOnlyList<PageWord> words, float aspect)
    {
        List<PageWord> joined = [];
        for (int start = 0; start < words.Count;)
        {
            int end = start;
            while (end < words.Count && IsOneElement(words[end].Text) && words[end].Text.Any(char.IsLetter))
            {
                end++;
            }

            if (end - start < MinSpacedLetters)
            {
                joined.AddRange(words.Skip(start).Take(Math.Max(1, end - start)));
                start = Math.Max(start + 1, end);
                continue;
            }

            float[] gaps = [.. Enumerable.Range(start + 1, end - start - 1)
                .Select(i => aspect * (words[i].Place.Left - words[i - 1].Place.Right))];
            float usual = gaps.Order().ElementAt(gaps.Length / 2);
            float height = words[start].Place.Bottom - words[start].Place.Top;
            joined.Add(words[start]);
            for (int i = start + 1; i < end; i++)
            {
                if (usual < MaxLetterGap * height && gaps[i - start - 1] < 1.5f * Math.Max(usual, 0.05f * height))
                {
                    joined[^1] = Join(joined[^1], words[i]);
                }
                else
                {
                    joined.Add(words[i]);
                }
            }

            start = end;
        }

        return joined;
    }

    private static PageWord Join(PageWord one, PageWord other) => new(one.Text + other.Text, Boxes.Around(one.Place, other.Place));

    private static bool IsOneElement(string text) => StringInfo.GetNextTextElementLength(text) == text.Length;
}
