using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MultiVecRetrieval.Language;

namespace MultiVecRetrieval.Libraries.Answers;

/// <summary>Reads the citations of an answer, and whether what it quotes stands in the source that it names.</summary>
internal static partial class CitationReader
{
    // Ligatures of a PDF are the letters that a model writes. The runtime's own tables are not there in the invariant mode.
    private static readonly UnicodeNormalizer Compatible = new(NormalizationForm.FormKC);

    /// <summary>The citations in the order of the text.</summary>
    /// <param name="text">An answer as <see cref="CitationFilter"/> passes it on.</param>
    /// <param name="sources">The sources by their numbers.</param>
    public static IReadOnlyList<AnswerCitation> Read(string text, IReadOnlyList<AnswerSource> sources)
    {
        Match[] markers =
            [.. Marker().Matches(text).Where(match => NumberOf(match) is var number && number >= 1 && number <= sources.Count)];
        List<string>[] quoted = [.. markers.Select(_ => new List<string>())];
        foreach (Match quote in Quotation().Matches(text))
        {
            string words = quote.Groups.Values.Skip(1).First(group => group.Success).Value;
            foreach (int marker in FindMarkers(text, quote, markers))
            {
                quoted[marker].Add(words);
            }
        }

        return [.. markers.Select((marker, i) =>
        {
            AnswerSource source = sources[NumberOf(marker) - 1];
            return new AnswerCitation(source, marker.Index, marker.Length)
            {
                Quotations = quoted[i],
                IsVerbatim = quoted[i].Count == 0 ? null : quoted[i].TrueForAll(quote => Contains(source.Text, quote)),
            };
        })];
    }

    /// <summary>True when a quotation stands in a text, but for case, white space, hyphens at line ends, and the form of quotation marks
    /// and dashes. Of one with gaps ("...") the parts stand in their order.</summary>
    public static bool Contains(string text, string quotation)
    {
        string[] parts = [.. Normalize(quotation).Split("...", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Trim(' ', '.', ',', ';', ':', '!', '?')).Where(part => part.Length > 0)];
        return parts.Length > 0 && (StandsIn(Normalize(text), parts) || StandsIn(Normalize(Hyphen().Replace(text, "")), parts));
    }

    private static bool StandsIn(string text, string[] parts)
    {
        int from = 0;
        foreach (string part in parts)
        {
            int found = text.IndexOf(part, from, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            from = found + part.Length;
        }

        return true;
    }

    private static int NumberOf(Match marker) =>
        int.TryParse(marker.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    // A quotation belongs to the citations that come next in its sentence, else to those before it there.
    private static IEnumerable<int> FindMarkers(string text, Match quote, Match[] markers)
    {
        int end = quote.Index + quote.Length;
        int next = Array.FindIndex(markers, marker => marker.Index >= end);
        string between = next < 0 ? "" : text[end..markers[next].Index].TrimStart(' ', '.', ',', ';', '!', '?');
        bool endsSentence = text[end - 2] is '.' or '!' or '?' && between.Length > 0;
        if (next >= 0 && !endsSentence && IsSameSentence(between))
        {
            yield return next;
            for (int i = next + 1; i < markers.Length && IsAdjacent(text, markers[i - 1], markers[i]); i++)
            {
                yield return i;
            }

            yield break;
        }

        int before = Array.FindLastIndex(markers, marker => marker.Index + marker.Length <= quote.Index);
        if (before >= 0 && IsSameSentence(text[(markers[before].Index + markers[before].Length)..quote.Index]))
        {
            yield return before;
            for (int i = before - 1; i >= 0 && IsAdjacent(text, markers[i], markers[i + 1]); i--)
            {
                yield return i;
            }
        }
    }

    private static bool IsAdjacent(string text, Match first, Match second) =>
        text.AsSpan(first.Index + first.Length, second.Index - first.Index - first.Length).IsWhiteSpace();

    private static bool IsSameSentence(string between) => !SentenceEnd().IsMatch(between);

    private static string Normalize(string text)
    {
        StringBuilder normal = new(text.Length);
        foreach (char c in Compatible.Normalize(Marker().Replace(text, "")))
        {
            char plain = c switch
            {
                '\u2018' or '\u2019' or '\u201A' or '\u201B' or '\u2032' => '\'',
                '\u201C' or '\u201D' or '\u201E' or '\u201F' or '\u00AB' or '\u00BB' => '"',
                >= '\u2010' and <= '\u2015' or '\u2212' => '-',
                _ => char.IsWhiteSpace(c) ? ' ' : char.ToUpperInvariant(c),
            };
            if (plain == ' ' ? normal.Length > 0 && normal[^1] != ' ' : char.GetUnicodeCategory(c) != UnicodeCategory.Format)
            {
                normal.Append(plain);
            }
        }

        return normal.ToString().Trim();
    }

    [GeneratedRegex(@"\[([0-9]{1,9})\]", RegexOptions.CultureInvariant)]
    private static partial Regex Marker();

    [GeneratedRegex("\"([^\"\n]+)\"|\u201C([^\u201D\n]+)\u201D|\u00AB([^\u00BB\n]+)\u00BB|\u201E([^\u201C\u201D\n]+)[\u201C\u201D]",
        RegexOptions.CultureInvariant)]
    private static partial Regex Quotation();

    [GeneratedRegex(@"[.!?\u3002][""\u201D\u00BB]?\s|\n", RegexOptions.CultureInvariant)]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"[\-\u00AD\u2010]\s*\n\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Hyphen();
}
