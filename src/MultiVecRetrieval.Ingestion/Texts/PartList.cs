using System.Globalization;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>Gathers slides or sheets; one with much text becomes several parts.</summary>
/// <param name="mark">What stands before the number.</param>
internal sealed class PartList(string mark)
{
    private readonly List<TextPart> _parts = [];

    /// <summary>The parts so far.</summary>
    public IReadOnlyList<TextPart> Parts => _parts;

    /// <summary>Adds a slide or sheet; the parts behind the first have <c>&amp;part=2</c> in their keys, and its heading again.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="heading">Its title; may be empty.</param>
    /// <param name="body">Its text; may be empty.</param>
    public void Add(int number, string heading, string body)
    {
        int piece = 0;
        foreach (string text in TextCutter.Cut(body.Trim('\n'), TextContent.MaxPartLength))
        {
            piece++;
            string key = string.Create(CultureInfo.InvariantCulture, $"{mark}{number}") + (piece == 1 ? "" : $"&part={piece}");
            string whole = heading.Length > 0 && text.Length > 0 ? $"{heading}\n\n{text.Trim('\n')}" : heading + text.Trim('\n');
            _parts.Add(new TextPart(key, number, whole));
        }
    }
}
