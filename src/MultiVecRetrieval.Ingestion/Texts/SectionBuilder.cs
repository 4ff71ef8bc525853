using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>
/// Gathers headings and blocks into sections. A section begins at a heading, unless so little stands before it that both are one; one
/// that is too long is cut, and its heading is repeated.
/// </summary>
internal sealed class SectionBuilder
{
    // A title with a line or two is no place to send a reader to.
    private const int MinLength = 500;
    private const int MaxHeadingLength = 300;

    private readonly List<TextPart> _parts = [];
    private readonly StringBuilder _current = new();
    private string? _heading;
    private bool _hasBody;

    /// <summary>The first heading, which is the title of a document that names none.</summary>
    public string? FirstHeading { get; private set; }

    /// <summary>Adds a heading; an empty one is none.</summary>
    public void AddHeading(string text)
    {
        string heading = Shorten(text.Trim());
        if (heading.Length == 0)
        {
            return;
        }

        FirstHeading ??= heading;
        if ((_hasBody && _current.Length >= MinLength) || _current.Length + heading.Length > TextContent.MaxPartLength)
        {
            Flush();
        }

        _heading = heading;
        Append(heading);
    }

    /// <summary>Adds a paragraph, an item of a list, a table; an empty one is none.</summary>
    public void AddBlock(string text)
    {
        // What the first line is indented by says something in program text.
        string block = text.Trim('\n').TrimEnd();
        if (block.Length == 0)
        {
            return;
        }

        foreach (string piece in TextCutter.Cut(block, TextContent.MaxPartLength))
        {
            if (_hasBody && _current.Length + piece.Length > TextContent.MaxPartLength)
            {
                Flush();
                if (_heading is not null)
                {
                    Append(_heading);
                }
            }

            Append(piece);
            _hasBody = true;
        }
    }

    /// <summary>The sections; a document without text has one that is empty.</summary>
    public IReadOnlyList<TextPart> Build()
    {
        if (_current.Length > 0 || _parts.Count == 0)
        {
            Flush();
        }

        return _parts;
    }

    /// <summary>Cuts text that has no headings into sections.</summary>
    public static IReadOnlyList<TextPart> Cut(string text)
    {
        List<TextPart> parts = [];
        foreach (string piece in TextCutter.Cut(text, TextContent.MaxPartLength))
        {
            if (!string.IsNullOrWhiteSpace(piece) || (parts.Count == 0 && piece.Length == text.Length))
            {
                parts.Add(Section(parts.Count + 1, piece.Trim('\n', '\r')));
            }
        }

        return parts.Count > 0 ? parts : [Section(1, "")];
    }

    private void Append(string block) => _current.Append(_current.Length > 0 ? "\n\n" : "").Append(block);

    private void Flush()
    {
        _parts.Add(Section(_parts.Count + 1, _current.ToString()));
        _current.Clear();
        _hasBody = false;
    }

    private static TextPart Section(int number, string text) =>
        new(TextContent.SectionMark + number.ToString(CultureInfo.InvariantCulture), number, text);

    private static string Shorten(string heading) => heading.Length <= MaxHeadingLength
        ? heading
        : heading[..(char.IsHighSurrogate(heading[MaxHeadingLength - 1]) ? MaxHeadingLength - 1 : MaxHeadingLength)];
}
