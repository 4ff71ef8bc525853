using Markdig;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;

namespace MultiVecRetrieval.Ingestion.Texts;

/// <summary>Reads Markdown as the page that it makes. Sections by headings; of a front matter title, author, description and
/// tags.</summary>
internal static class MarkdownReader
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseYamlFrontMatter().UsePipeTables().UseGridTables().UseDefinitionLists().UseFootnotes().UseTaskLists().UseAutoLinks().Build();

    /// <exception cref="Media.MediaException">The bytes are no text.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static TextContent Read(byte[] bytes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        string text = TextDecoder.Decode(bytes);
        MarkdownDocument document;
        string html;
        try
        {
            document = Markdown.Parse(text, Pipeline);
            html = document.ToHtml(Pipeline);
        }
        catch (ArgumentException)
        {
            // Nested deeper than the parser goes; as plain text it is read all the same.
            return new TextContent(null, new Dictionary<string, MetadataValue>(), SectionBuilder.Cut(text));
        }

        TextContent content = HtmlReader.Read(html, timeout, cancellationToken);
        Dictionary<string, string> front = ReadFrontMatter(document);
        Dictionary<string, MetadataValue> metadata = [];
        TextMetadata.Add(metadata, "author", front.GetValueOrDefault("author"));
        TextMetadata.Add(metadata, "description", front.GetValueOrDefault("description"));
        TextMetadata.Add(metadata, "keywords", front.GetValueOrDefault("tags") ?? front.GetValueOrDefault("keywords"));
        return content with { Title = front.GetValueOrDefault("title") ?? content.Title, Metadata = metadata };
    }

    // Lines of "name: value"; lists in brackets or as lines with a dash.
    private static Dictionary<string, string> ReadFrontMatter(MarkdownDocument document)
    {
        Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        string? last = null;
        foreach (object line in document.OfType<YamlFrontMatterBlock>().FirstOrDefault()?.Lines.Lines ?? [])
        {
            string text = line.ToString() ?? "";
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            if (last is not null && text.TrimStart().StartsWith("- ", StringComparison.Ordinal))
            {
                string item = Unquote(text.TrimStart()[2..]);
                fields[last] = fields[last].Length > 0 ? $"{fields[last]}, {item}" : item;
            }
            else if (colon > 0 && !char.IsWhiteSpace(text[0]))
            {
                last = text[..colon].Trim();
                fields[last] = string.Join(", ", text[(colon + 1)..].Trim().Trim('[', ']').Split(',').Select(Unquote));
            }
        }

        return fields.Where(field => field.Value.Length > 0).ToDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static string Unquote(string text) => text.Trim().Trim('"', '\'');
}
