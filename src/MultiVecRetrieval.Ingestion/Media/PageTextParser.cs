using System.Globalization;
using System.Net;
using System.Text;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// Reads pdftotext's <c>-bbox-layout</c> output as a stream of tags. It is not well-formed for every document (control
/// characters, broken UTF-8), so no XML parser is asked; unknown tags are passed over.
/// </summary>
/// <param name="reader">The output of pdftotext.</param>
/// <param name="maxTextLength">UTF-16 units of one page; more makes the page a problem.</param>
internal sealed class PageTextParser(TextReader reader, int maxTextLength)
{
    private const int MaxTagLength = 512;
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _tag = new();

    /// <summary>Reads up to the end of the next page.</summary>
    /// <param name="rotation">Clockwise rotation of the page; at 90 and 270 degrees width and height change places.</param>
    /// <param name="value">The page; null with <paramref name="problem"/>.</param>
    /// <param name="problem">Why this page has no text, when the pages after it still can be read.</param>
    /// <returns>False when the output ended first.</returns>
    public bool TryReadPage(int rotation, out PdfPageText? value, out MediaException? problem)
    {
        value = null;
        problem = null;
        TextLayerBuilder layer = new();
        List<PageWord> line = [];
        int length = 0;
        double width = 0;
        double height = 0;
        (double Left, double Top, double Right, double Bottom) box = default;
        while (TryReadTag())
        {
            string tag = _tag.ToString();
            switch (TagName(tag))
            {
                case "page":
                    (width, height) = (Attribute(tag, "width"), Attribute(tag, "height"));
                    if (rotation % 180 != 0)
                    {
                        (width, height) = (height, width);
                    }

                    break;
                case "word":
                    box = (Attribute(tag, "xMin"), Attribute(tag, "yMin"), Attribute(tag, "xMax"), Attribute(tag, "yMax"));
                    break;
                case "/word" when problem is null:
                    line.Add(new PageWord(
                        TextLayerBuilder.Clean(WebUtility.HtmlDecode(_content.ToString())), CreatePlace(box, width, height)));
                    length += line[^1].Text.Length + 1;
                    if (length > maxTextLength)
                    {
                        problem = new MediaException($"The page has more than {maxTextLength} characters of text.",
                            "media:maxPageTextLength");
                    }

                    break;
                case "/line":
                    foreach (PageWord word in LineOrder.Read([.. line.Where(word => word.Text.Length > 0)], (float)(width / height)))
                    {
                        layer.AddWord(word.Text, word.Place);
                    }

                    line.Clear();
                    layer.EndLine();
                    break;
                case "/block":
                    layer.EndBlock();
                    break;
                case "/page":
                    value = problem is null ? new PdfPageText(width, height, layer.Build()) : null;
                    return true;
                default:
                    break;
            }
        }

        return false;
    }

    private static Place CreatePlace((double Left, double Top, double Right, double Bottom) box, double width, double height)
    {
        if (!(width > 0 && height > 0) || !double.IsFinite(box.Left + box.Top + box.Right + box.Bottom))
        {
            return Place.Whole;
        }

        float left = Share(box.Left, width);
        float top = Share(box.Top, height);
        return new Place(left, top, Math.Max(left, Share(box.Right, width)), Math.Max(top, Share(box.Bottom, height)));

        static float Share(double position, double size) => (float)Math.Clamp(position / size, 0, 1);
    }

    private static string TagName(string tag)
    {
        int end = tag.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? tag : tag[..end];
    }

    private static double Attribute(string tag, string name)
    {
        int start = tag.IndexOf($" {name}=\"", StringComparison.Ordinal);
        if (start < 0)
        {
            return double.NaN;
        }

        start += name.Length + 3;
        int end = tag.IndexOf('"', start);
        return end > start
            && double.TryParse(tag.AsSpan(start, end - start), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : double.NaN;
    }

    // Leaves the text before the tag in _content, at most one page's worth, and the tag without brackets in _tag.
    private bool TryReadTag()
    {
        _content.Clear();
        _tag.Clear();
        bool isInside = false;
        for (int c; (c = reader.Read()) >= 0;)
        {
            if (!isInside && c == '<')
            {
                isInside = true;
            }
            else if (isInside && c == '>')
            {
                return true;
            }
            else if (isInside && _tag.Length < MaxTagLength)
            {
                _tag.Append((char)c);
            }
            else if (!isInside && _content.Length <= maxTextLength)
            {
                _content.Append((char)c);
            }
        }

        return false;
    }
}
