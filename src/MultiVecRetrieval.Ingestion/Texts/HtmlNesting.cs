using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>
/// Looks how deeply a page nests before it is parsed: the rules of the standard look through all open elements again and again, so that
/// a small page of open elements takes hours.
/// </summary>
internal static class HtmlNesting
{
    // Browsers stop at 512; what people write nests to some dozens.
    private const int MaxDepth = 1000;

    // Elements that have no end, that another of their kind ends, or that have no elements within.
    private static readonly HashSet<string> Uncounted = new(StringComparer.OrdinalIgnoreCase)
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li", "dt", "dd",
        "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "a", "html", "head", "body", "rb", "rt", "rp",
    };

    /// <exception cref="MediaException">More elements are open at once than a page may have.</exception>
    public static void Check(string html)
    {
        int depth = 0;
        int at = 0;
        while ((at = html.IndexOf('<', at)) >= 0)
        {
            if (html.AsSpan(at).StartsWith("<!--"))
            {
                at = After(html, "-->", at + 4);
                continue;
            }

            bool isEnd = at + 1 < html.Length && html[at + 1] == '/';
            ReadOnlySpan<char> rest = html.AsSpan(at + (isEnd ? 2 : 1));
            int length = 0;
            while (length < rest.Length && length < 16 && char.IsAsciiLetterOrDigit(rest[length]))
            {
                length++;
            }

            string name = rest[..length].ToString();
            at += length + 1;
            if (length == 0 || Uncounted.Contains(name))
            {
                continue;
            }

            depth = Math.Max(0, depth + (isEnd ? -1 : 1));
            if (depth > MaxDepth)
            {
                throw new MediaException($"The page nests deeper than {MaxDepth} elements.");
            }

            if (!isEnd && name.Equals("script", StringComparison.OrdinalIgnoreCase))
            {
                // What looks like elements there is none.
                at = After(html, "</script", at);
                depth--;
            }
        }
    }

    private static int After(string html, string end, int from)
    {
        int at = html.IndexOf(end, from, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? html.Length : at + end.Length;
    }
}
