using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Texts;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Reads a text document: an entry a section, slide or sheet, found by its words and by the meaning of its passages.</summary>
/// <param name="document">The document.</param>
/// <param name="format">What it is.</param>
/// <param name="meter">Told how many entries it makes, which only reading it tells.</param>
internal sealed class TextRead(DocumentWork document, MediaFormat format, ProgressMeter meter) : ReadJob(document)
{
    public override void Read(ReadContext context)
    {
        TextContent content = context.Texts.Read(Document.File.FullPath, format, context.CancellationToken);
        Document.Describe(stored => stored with
        {
            Title = content.Title,
            Metadata = content.Metadata.Concat(stored.Metadata).GroupBy(field => field.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal),
        });
        string key = Document.Document.Key;
        Document.Expect([.. content.Parts.Select(part => (new Entry
        {
            Key = key + part.Mark,
            DocumentKey = key,
            MediaType = MediaType.Text,
            Page = part.Number,
        }, 1))]);
        meter.Expect(content.Parts.Count - Document.StoredEntryCount);
        for (int i = Document.StoredEntryCount; i < content.Parts.Count && !Document.IsOver; i++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            TextLayer text = SectionLayer.Of(content.Parts[i].Text);
            Document.SetText(i, text);
            Document.DeliverPassages(
                i, part: 0, passages => passages.EncodeSection(text, context.CancellationToken), context.CancellationToken);
        }
    }
}
