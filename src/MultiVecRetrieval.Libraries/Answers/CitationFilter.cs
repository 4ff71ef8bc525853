using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MultiVecRetrieval.Libraries.Answers;

/// <summary>Drops citations of sources that were not given, piece by piece as an answer comes, and writes the others as
/// <c>[1][2]</c>.</summary>
/// <param name="sourceCount">The number of sources that were given.</param>
internal sealed partial class CitationFilter(int sourceCount)
{
    // No citation is longer; a bracket that stays open that long is none.
    private const int MaxLength = 120;
    private const int MaxRange = 50;

    private readonly StringBuilder _open = new();
    private readonly StringBuilder _text = new();
    private readonly SortedSet<string> _dropped = new(StringComparer.Ordinal);

    /// <summary>All that was passed on.</summary>
    public string Text => _text.ToString();

    /// <summary>The numbers that were dropped, as the model wrote them.</summary>
    public IReadOnlyCollection<string> Dropped => _dropped;

    /// <summary>What can be passed on now that <paramref name="piece"/> came; may be empty.</summary>
    public string Push(string piece)
    {
        _open.Append(piece);
        string open = _open.ToString();
        int end = open.Length;
        int bracket = open.LastIndexOfAny(['[', '\u3010']);
        if (bracket >= 0 && open.Length - bracket <= MaxLength && open.IndexOfAny([']', '\u3011'], bracket) < 0)
        {
            end = bracket;
        }

        // White space before a citation goes with it.
        while (end > 0 && open[end - 1] is ' ' or '\t')
        {
            end--;
        }

        _open.Clear().Append(open, end, open.Length - end);
        return Pass(open[..end]);
    }

    /// <summary>What is left at the end.</summary>
    public string Finish()
    {
        string open = _open.ToString();
        _open.Clear();
        return Pass(open);
    }

    private string Pass(string text)
    {
        string passed = Marker().Replace(text, Rewrite);
        _text.Append(passed);
        return passed;
    }

    private string Rewrite(Match match)
    {
        if (match.Length > MaxLength)
        {
            return match.Value;
        }

        StringBuilder kept = new();
        foreach (string item in match.Groups["list"].Value.Split([',', ';'], StringSplitOptions.TrimEntries))
        {
            string[] ends = item.Split(['-', '\u2013'], StringSplitOptions.TrimEntries);
            (int first, int last) = (Read(ends[0]), Read(ends[^1]));
            if (first < 1 || last < first || last > sourceCount || last - first > MaxRange)
            {
                _dropped.Add(item);
                continue;
            }

            for (int number = first; number <= last; number++)
            {
                kept.Append(CultureInfo.InvariantCulture, $"[{number}]");
            }
        }

        return kept.Length == 0 ? "" : match.Groups["space"].Value + kept;
    }

    private static int Read(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    [GeneratedRegex(@"(?<space>[ \t]*)[\[\u3010]\s*(?:sources?\s+)?(?<list>[0-9]+(?:\s*[,;\-\u2013]\s*[0-9]+)*)\s*[\]\u3011]",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Marker();
}
