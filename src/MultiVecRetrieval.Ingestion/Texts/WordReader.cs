using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>Reads a docx: headings, paragraphs, lists, tables a row a line, foot- and endnotes. Contents lists are left out.</summary>
internal sealed class WordReader(CancellationToken cancellationToken)
{
    private readonly SectionBuilder _sections = new();
    private readonly HashSet<string> _headings = new(StringComparer.Ordinal);

    public TextContent Read(WordprocessingDocument document)
    {
        MainDocumentPart main = document.MainDocumentPart ?? throw new InvalidDataException("it has no main part");
        ReadStyles(main.StyleDefinitionsPart?.Styles);
        ReadBlocks(main);
        foreach (OpenXmlPart? notes in (OpenXmlPart?[])[main.FootnotesPart, main.EndnotesPart])
        {
            if (notes is not null)
            {
                ReadBlocks(notes);
            }
        }

        IReadOnlyList<TextPart> parts = _sections.Build();
        return new TextContent(OfficeReader.ReadTitle(document) ?? _sections.FirstHeading, OfficeReader.ReadMetadata(document), parts);
    }

    // A block at a time, so that a long document is never in memory as a tree.
    private void ReadBlocks(OpenXmlPart part)
    {
        using OpenXmlReader reader = OpenXmlReader.Create(part);
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Reading an element as a whole leaves the reader at its end.
            if (reader.IsStartElement && reader.ElementType == typeof(Paragraph))
            {
                AddParagraph((Paragraph)reader.LoadCurrentElement()!);
            }
            else if (reader.IsStartElement && reader.ElementType == typeof(Table))
            {
                AddTable((Table)reader.LoadCurrentElement()!);
            }
        }
    }

    private void AddParagraph(Paragraph paragraph)
    {
        string? style = paragraph.ParagraphProperties?.ParagraphStyleId?.Val?.Value;
        if (style?.StartsWith("TOC", StringComparison.OrdinalIgnoreCase) == true)
        {
            return;
        }

        string text = TextOf(paragraph);
        if ((style is not null && _headings.Contains(style)) || paragraph.ParagraphProperties?.OutlineLevel?.Val?.Value is >= 0 and < 9)
        {
            _sections.AddHeading(text.Replace('\n', ' '));
        }
        else
        {
            _sections.AddBlock(paragraph.ParagraphProperties?.NumberingProperties is not null && text.Trim().Length > 0 ? $"- {text}" : text);
        }
    }

    private void AddTable(Table table)
    {
        StringBuilder rows = new();
        // What is nested in a cell is text of that cell; rows and cells may stand in content controls.
        foreach (TableRow row in table.Descendants<TableRow>().Where(row => row.Ancestors<Table>().First() == table))
        {
            IEnumerable<TableCell> cells = row.Descendants<TableCell>().Where(cell => cell.Ancestors<TableRow>().First() == row);
            string line = string.Join('\t', cells.Select(cell => string.Join(' ', cell.Descendants<Paragraph>()
                .Where(paragraph => !paragraph.Ancestors<Paragraph>().Any())
                .Select(paragraph => TextOf(paragraph).Replace('\n', ' ').Trim()).Where(text => text.Length > 0))));
            rows.Append(rows.Length > 0 ? "\n" : "").Append(line.Trim());
        }

        _sections.AddBlock(rows.ToString());
    }

    // Word keeps a second version of what older programs cannot show; only the first is read.
    private static string TextOf(OpenXmlElement element)
    {
        StringBuilder text = new();
        Append(element);
        return TextDecoder.Clean(text.ToString());

        void Append(OpenXmlElement parent)
        {
            foreach (OpenXmlElement child in parent.ChildElements)
            {
                switch (child)
                {
                    case Text words:
                        text.Append(words.Text);
                        break;
                    case TabChar:
                        text.Append('\t');
                        break;
                    case Break or CarriageReturn:
                        text.Append('\n');
                        break;
                    case NoBreakHyphen:
                        text.Append('-');
                        break;
                    case AlternateContentFallback or DeletedRun or MoveFromRun or FieldCode or RunProperties or ParagraphProperties:
                        break;
                    default:
                        Append(child);
                        break;
                }
            }
        }
    }

    private void ReadStyles(Styles? styles)
    {
        Dictionary<string, Style> byId = (styles?.Elements<Style>() ?? []).Where(style => style.StyleId?.Value is not null)
            .GroupBy(style => style.StyleId!.Value!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        foreach ((string id, Style style) in byId)
        {
            if (IsHeading(style, byId))
            {
                _headings.Add(id);
            }
        }
    }

    // A style has the level of the one it is made from, unless it has its own; made from itself in a circle it has none.
    private static bool IsHeading(Style style, Dictionary<string, Style> byId)
    {
        const int MaxAncestors = 16;
        for (int i = 0; i < MaxAncestors; i++)
        {
            string name = style.StyleName?.Val?.Value ?? "";
            if (style.StyleParagraphProperties?.OutlineLevel?.Val?.Value is { } level)
            {
                return level < 9;
            }

            if (name.StartsWith("heading ", StringComparison.OrdinalIgnoreCase) || name.Equals("Title", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }

            if (style.BasedOn?.Val?.Value is not { } parent || !byId.TryGetValue(parent, out Style? next))
            {
                return false;
            }

            style = next;
        }

        return false;
    }
}
