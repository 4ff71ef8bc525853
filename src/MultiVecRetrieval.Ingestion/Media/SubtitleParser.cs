using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Reads subtitles in SubRip (.srt) and WebVTT (.vtt): both are blocks of a line of times and lines of text.</summary>
/// <remarks>Source: W3C, WebVTT: The Web Video Text Tracks Format; SubRip has no standard, what players accept is accepted.</remarks>
internal static partial class SubtitleParser
{
    /// <summary>The words of the cues, each with the time in which it is on show; a line a cue.</summary>
    /// <param name="text">The file.</param>
    /// <param name="maxLength">UTF-16 units of text at most.</param>
    /// <exception cref="MediaException">There is more text.</exception>
    public static TextLayer Parse(string text, int maxLength)
    {
        TextLayerBuilder layer = new();
        int length = 0;
        (float Start, float End)? span = null;
        string last = "";
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            Match times = Times().Match(line);
            if (times.Success)
            {
                (float start, float end) = (Seconds(times, "s"), Seconds(times, "e"));
                span = end > start ? (start, end) : null;
                layer.EndLine();
                continue;
            }

            if (string.IsNullOrWhiteSpace(line))
            {
                span = null;
                continue;
            }

            // Between the times of a cue and the empty line after it stands its text; numbers, styles and notes stand elsewhere.
            string spoken = WebUtility.HtmlDecode(Markup().Replace(line, "")).Trim();
            if (span is not var (from, to) || spoken == last)
            {
                continue;
            }

            // Captions that roll repeat the line above.
            last = spoken;
            length += spoken.Length + 1;
            if (length > maxLength)
            {
                throw new MediaException($"The subtitles have more than {maxLength} characters.", "media:maxPageTextLength");
            }

            foreach (string word in spoken.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                layer.AddWord(word, new Place(0, 0, 1, 1, from, to));
            }
        }

        return layer.Build();
    }

    private static float Seconds(Match match, string prefix)
    {
        static double Number(Group group) =>
            group.Success ? double.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        double seconds = (Number(match.Groups[prefix + "h"]) * 3600) + (Number(match.Groups[prefix + "m"]) * 60)
            + Number(match.Groups[prefix + "s"]) + (Number(match.Groups[prefix + "f"]) / 1000);
        return (float)seconds;
    }

    [GeneratedRegex(
        @"^\s*(?:(?<sh>\d{1,4}):)?(?<sm>\d{1,2}):(?<ss>\d{1,2})[.,](?<sf>\d{3})\s*-->\s*(?:(?<eh>\d{1,4}):)?(?<em>\d{1,2}):(?<es>\d{1,2})[.,](?<ef>\d{3})",
        RegexOptions.CultureInvariant)]
    private static partial Regex Times();

    // <i>, <v Speaker>, <00:01.000>, {\an8}
    [GeneratedRegex(@"<[^<>]{0,100}>|\{\\[^{}]{0,100}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Markup();
}
