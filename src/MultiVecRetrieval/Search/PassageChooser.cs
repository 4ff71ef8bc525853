using System.Text;
using MultiVecRetrieval.Language;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Search;

/// <summary>
/// Chooses the part of a text that is shown with a hit: the section whose meaning matched, where the words of the query say less than the
/// meaning does; else the window with the most of the query's words.
/// </summary>
/// <param name="text">Full text, for its words; null when it was not asked.</param>
internal sealed class PassageChooser(TextSide? text)
{
    private const int WindowWords = 48;

    // A window begins at a sentence when one begins this near before it.
    private const int LookBack = 14;

    /// <summary>The passage of a hit; null when nothing says which.</summary>
    /// <param name="read">Its text.</param>
    /// <param name="section">Where the section stands whose meaning matched; empty when there is none.</param>
    /// <param name="isByMeaning">True when the section decides, not the words.</param>
    public HitPassage? Choose(HitText read, IReadOnlyList<Place> section, bool isByMeaning)
    {
        (TextLayer layer, AnalyzedText analyzed, List<TextMark> marks) = read;
        if (layer.Words.Count == 0)
        {
            return null;
        }

        if (section.Count > 0 && (isByMeaning || marks.Count == 0))
        {
            int[] words = [.. Enumerable.Range(0, layer.Words.Count).Where(i => IsIn(layer.Words[i].Place, section))];
            return Build(layer, analyzed, marks, words);
        }

        if (marks.Count == 0)
        {
            return null;
        }

        int start = FindWindow(layer, marks);
        return Build(layer, analyzed, marks, [.. Enumerable.Range(start, Math.Min(WindowWords, layer.Words.Count - start))]);
    }

    private static bool IsIn(Place word, IReadOnlyList<Place> boxes)
    {
        (float x, float y) = ((word.Left + word.Right) / 2, (word.Top + word.Bottom) / 2);
        return boxes.Any(box => x >= box.Left && x <= box.Right && y >= box.Top && y <= box.Bottom
            && word.StartSeconds >= box.StartSeconds && word.EndSeconds <= box.EndSeconds);
    }

    // The first window with the largest share of the query; each clause counts once, and a little more for each time it is there again.
    private int FindWindow(TextLayer layer, List<TextMark> marks)
    {
        const double Repeat = 0.05;
        int[] words = [.. marks.Select(mark => WordAt(layer, mark.Offset))];
        (int best, double most) = (0, -1);
        for (int first = 0; first < marks.Count; first++)
        {
            HashSet<TextClause> seen = [];
            double sum = 0;
            for (int i = first; i < marks.Count && words[i] < words[first] + WindowWords - LookBack; i++)
            {
                sum += seen.Add(marks[i].Clause) ? Math.Max(text!.GetWeight(marks[i].Clause), 0.01) : Repeat;
            }

            if (sum > most)
            {
                (best, most) = (words[first], sum);
            }
        }

        for (int i = best; i >= 0 && i > best - LookBack; i--)
        {
            if (i == 0 || EndsSentence(layer, i - 1))
            {
                return i;
            }
        }

        return Math.Max(0, best - (LookBack / 2));
    }

    private static int WordAt(TextLayer layer, int offset)
    {
        (int low, int high) = (0, layer.Words.Count - 1);
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = layer.Words[middle].Offset <= offset ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private static bool EndsSentence(TextLayer layer, int word)
    {
        TextWord last = layer.Words[word];
        int end = last.Offset + last.Length;
        return layer.Text[end - 1] is '.' or '!' or '?' or ':' or '\u3002'
            || layer.Text.AsSpan(end, layer.Words[word + 1].Offset - end).Count('\n') > 1;
    }

    private static HitPassage? Build(TextLayer layer, AnalyzedText analyzed, List<TextMark> marks, int[] chosen)
    {
        if (chosen.Length == 0)
        {
            return null;
        }

        HashSet<int> broken = [.. analyzed.Tokens.Where(token => token.IsRepeat).Select(token => token.Offset)];
        StringBuilder passage = new();
        List<PassageMark> found = [];
        List<Place> lines = [];
        bool joins = false;
        int end = -1;
        foreach (int index in chosen)
        {
            TextWord word = layer.Words[index];
            if (IsLeader(layer.Text.AsSpan(word.Offset, word.Length)))
            {
                continue;
            }

            // Writing without spaces has words that follow each other with nothing between.
            passage.Append(joins || passage.Length == 0 || word.Offset == end ? "" : IsRowEnd(layer.Text, end, word.Offset) ? "\n" : " ");
            end = word.Offset + word.Length;
            int start = passage.Length;
            passage.Append(layer.Text, word.Offset, word.Length);
            foreach (TextMark mark in marks)
            {
                int from = Math.Max(mark.Offset, word.Offset);
                int to = Math.Min(mark.Offset + mark.Length, word.Offset + word.Length);
                if (to > from)
                {
                    Add(found, start + from - word.Offset, start + to - word.Offset);
                }
            }

            // The first part of a broken word loses its hyphen; what follows in the text is its second part.
            joins = broken.Contains(word.Offset + word.Length - LastPart(layer, word)) && passage[^1] is '-' or '\u2010';
            if (joins)
            {
                passage.Length--;
            }

            Add(lines, word.Place);
        }

        return new HitPassage(passage.ToString(), [.. found.Where(mark => mark.Offset + mark.Length <= passage.Length)], lines)
        {
            IsCutBefore = chosen[0] > 0,
            IsCutAfter = chosen[^1] < layer.Words.Count - 1,
        };
    }

    // Cells are parted by tabs, and run together with those of the next row they would read as a sentence.
    private static bool IsRowEnd(string text, int end, int next)
    {
        int lineEnd = text.IndexOf('\n', end, next - end);
        if (lineEnd < 0)
        {
            return false;
        }

        int lineStart = text.LastIndexOf('\n', lineEnd - 1) + 1;
        int nextStart = text.LastIndexOf('\n', next - 1) + 1;
        int nextEnd = text.IndexOf('\n', next);
        return text.AsSpan(lineStart, lineEnd - lineStart).Contains('\t')
            || text.AsSpan(nextStart, (nextEnd < 0 ? text.Length : nextEnd) - nextStart).Contains('\t');
    }

    // The dots of a table of contents.
    private static bool IsLeader(ReadOnlySpan<char> word) => !word.ContainsAnyExcept('.', '\u00B7', '\u2026');

    // Letters before the hyphen at the end of a word, with it: "well-environ-" was broken within "environ".
    private static int LastPart(TextLayer layer, TextWord word)
    {
        int length = 1;
        while (length < word.Length && char.IsLetterOrDigit(layer.Text[word.Offset + word.Length - length - 1]))
        {
            length++;
        }

        return length;
    }

    private static void Add(List<PassageMark> marks, int start, int end)
    {
        if (marks.Count > 0 && marks[^1] is var last && start <= last.Offset + last.Length)
        {
            marks[^1] = new PassageMark(last.Offset, Math.Max(end, last.Offset + last.Length) - last.Offset);
        }
        else
        {
            marks.Add(new PassageMark(start, end - start));
        }
    }

    // Words of a line become one box.
    private static void Add(List<Place> lines, Place word)
    {
        if (lines.Count > 0 && lines[^1] is var last && word.Top < last.Bottom && word.Bottom > last.Top && word.Left >= last.Left
            && word.StartSeconds.Equals(last.StartSeconds))
        {
            lines[^1] = last with
            {
                Right = Math.Max(last.Right, word.Right),
                Top = Math.Min(last.Top, word.Top),
                Bottom = Math.Max(last.Bottom, word.Bottom),
            };
        }
        else
        {
            lines.Add(word);
        }
    }
}
