using System.Globalization;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>
/// Gives the words of a text places: as if it were set in lines of one width, from top to bottom. The place says how far down in the
/// text a word stands.
/// </summary>
internal static class SectionLayer
{
    // A line is what a place tells apart; it is about what a reader takes in at once.
    private const int LineLength = 80;

    // Writing without spaces comes as words of whole paragraphs.
    private const int MaxWordLength = 60;

    /// <summary>The text with its words.</summary>
    public static TextLayer Of(string text)
    {
        List<(int Offset, int Length, int Line)> words = [];
        int line = 0;
        int lineStart = 0;
        int at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                if (text[at] == '\n')
                {
                    (line, lineStart) = (line + 1, at + 1);
                }

                at++;
                continue;
            }

            int length = MeasureWord(text, at);
            if (at > lineStart && at + length - lineStart > LineLength)
            {
                (line, lineStart) = (line + 1, at);
            }

            words.Add((at, length, line));
            at += length;
        }

        float height = 1f / (line + 1);
        return new TextLayer(text, [.. words.Select(
            word => new TextWord(word.Offset, word.Length, new Place(0, word.Line * height, 1, Bottom(word.Line))))]);

        float Bottom(int number) => number == line ? 1 : (number + 1) * height;
    }

    private static int MeasureWord(string text, int start)
    {
        int end = start;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
        {
            int next = end + StringInfo.GetNextTextElementLength(text, end);
            // Writing of that kind is cut behind its own punctuation where there is some.
            if (end - start >= MaxWordLength || (end > start && text[end - 1] is '\u3001' or '\u3002' or '\uFF0C' or '\uFF01' or '\uFF1F'))
            {
                break;
            }

            end = next;
        }

        return Math.Max(1, end - start);
    }
}
