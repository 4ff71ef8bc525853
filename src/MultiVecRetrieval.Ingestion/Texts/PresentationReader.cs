using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Presentation;
using Drawing = DocumentFormat.OpenXml.Drawing;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>Reads a pptx: a part a slide, with its title, texts, tables and the speaker's notes.</summary>
internal sealed class PresentationReader(CancellationToken cancellationToken)
{
    public TextContent Read(PresentationDocument document)
    {
        PresentationPart presentation = document.PresentationPart ?? throw new InvalidDataException("it has no main part");
        PartList slides = new(TextContent.SlideMark);
        string? first = null;
        int number = 0;
        foreach (SlideId id in presentation.Presentation?.SlideIdList?.Elements<SlideId>() ?? [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            number++;
            if (id.RelationshipId?.Value is not { } relation || presentation.GetPartById(relation) is not SlidePart slide)
            {
                continue;
            }

            string heading = TitleOf(slide);
            first ??= heading.Length > 0 ? heading : null;
            slides.Add(number, heading, BodyOf(slide));
        }

        if (slides.Parts.Count == 0)
        {
            slides.Add(1, "", "");
        }

        return new TextContent(OfficeReader.ReadTitle(document) ?? first, OfficeReader.ReadMetadata(document), slides.Parts);
    }

    private static string TitleOf(SlidePart slide) => string.Join(' ', Shapes(slide.Slide).Where(IsTitle)
        .SelectMany(shape => Lines(shape.TextBody)).Select(line => line.Trim()).Where(line => line.Length > 0));

    private static string BodyOf(SlidePart slide)
    {
        StringBuilder text = new();
        foreach (OpenXmlElement element in slide.Slide?.Descendants() ?? [])
        {
            IEnumerable<string> lines = element switch
            {
                Shape shape when !IsTitle(shape) && !IsFurniture(shape) && !IsFallback(shape) => Lines(shape.TextBody),
                Drawing.Table table when !IsFallback(table) => Rows(table),
                _ => [],
            };
            Append(text, lines);
        }

        foreach (Shape shape in Shapes(slide.NotesSlidePart?.NotesSlide)
            .Where(shape => PlaceholderOf(shape) is { } kind && kind == PlaceholderValues.Body))
        {
            Append(text, Lines(shape.TextBody));
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, IEnumerable<string> lines)
    {
        string block = string.Join('\n', lines.Where(line => !string.IsNullOrWhiteSpace(line)));
        text.Append(text.Length > 0 && block.Length > 0 ? "\n\n" : "").Append(block);
    }

    private static IEnumerable<Shape> Shapes(OpenXmlElement? root) =>
        root?.Descendants<Shape>().Where(shape => !IsFallback(shape)) ?? [];

    private static IEnumerable<string> Lines(OpenXmlElement? body) =>
        body?.Elements<Drawing.Paragraph>().Select(TextOf) ?? [];

    private static IEnumerable<string> Rows(Drawing.Table table) => table.Elements<Drawing.TableRow>().Select(row => string.Join('\t',
        row.Elements<Drawing.TableCell>().Select(cell => string.Join(' ', cell.Descendants<Drawing.Paragraph>().Select(TextOf)).Trim())));

    private static string TextOf(Drawing.Paragraph paragraph)
    {
        StringBuilder text = new();
        foreach (OpenXmlElement element in paragraph.Descendants())
        {
            text.Append(element switch
            {
                Drawing.Text words => words.Text,
                Drawing.Break => "\n",
                _ => "",
            });
        }

        return TextDecoder.Clean(text.ToString());
    }

    private static PlaceholderValues? PlaceholderOf(Shape shape) =>
        shape.NonVisualShapeProperties?.ApplicationNonVisualDrawingProperties?.PlaceholderShape is { } placeholder
            ? placeholder.Type?.Value ?? PlaceholderValues.Body
            : null;

    private static bool IsTitle(Shape shape) =>
        PlaceholderOf(shape) is { } kind && (kind == PlaceholderValues.Title || kind == PlaceholderValues.CenteredTitle);

    // What stands on every slide alike.
    private static bool IsFurniture(Shape shape) => PlaceholderOf(shape) is { } kind
        && (kind == PlaceholderValues.DateAndTime || kind == PlaceholderValues.Footer || kind == PlaceholderValues.Header
            || kind == PlaceholderValues.SlideNumber);

    private static bool IsFallback(OpenXmlElement element) => element.Ancestors<AlternateContentFallback>().Any();
}
