using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MultiVecRetrieval.Libraries.Answers;

/// <summary>Writes sources for a model, each between marks that no text of a source can write itself.</summary>
internal static partial class SourceText
{
    /// <summary>The last line of a source.</summary>
    public const string End = "</source>";

    private const int BytesPerToken = 3;
    private const int MaxNameLength = 200;

    /// <summary>Estimated tokens of so many bytes of UTF-8.</summary>
    public static long CountTokens(long bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    /// <summary>The text with other marks in place of those that begin or end a source, or a turn of a chat; no longer and no shorter, so
    /// that offsets hold.</summary>
    public static string Neutralize(string text) => Mark().Replace(text, "\u2039");

    /// <summary>The first line of a source.</summary>
    public static string Head(int number, Entry entry, Document document, double? start, double? end)
    {
        StringBuilder head = new("<source id=\"");
        head.Append(CultureInfo.InvariantCulture, $"{number}\"");
        Add(head, "document", document.Key);
        Add(head, "title", document.Title);
        Add(head, entry.MediaType == MediaType.Page ? "page" : "section", entry.Page?.ToString(CultureInfo.InvariantCulture));
        Add(head, "moment", start is { } from && end is { } to ? $"{Clock(from)}-{Clock(to)}" : null);
        return head.Append('>').ToString();
    }

    /// <summary>A time of a video as people write it.</summary>
    public static string Clock(double seconds) =>
        TimeSpan.FromSeconds(seconds).ToString(seconds >= 3600 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);

    // Names come from files as texts do; they stay on their line and inside their quotation marks.
    private static void Add(StringBuilder head, string name, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return;
        }

        string line = string.Concat(value.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' '
            : c == '"' ? '\'' : c == '<' ? '\u2039' : c == '>' ? '\u203A' : c));
        head.Append(' ').Append(name).Append("=\"")
            .Append(line.Length <= MaxNameLength ? line : line[..MaxNameLength] + "...").Append('"');
    }

    [GeneratedRegex(@"<(?=[\s/\p{Cf}]*s[\s\p{Cf}]*o[\s\p{Cf}]*u[\s\p{Cf}]*r[\s\p{Cf}]*c[\s\p{Cf}]*e|\|)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Mark();
}
