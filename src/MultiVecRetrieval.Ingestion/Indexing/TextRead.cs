using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Texts;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Reads a text document: an entry a section, slide or sheet, found by its words and by the meaning of its passages.</summary>
/// <param name="document">The document.</param>
/// <param name="format">What it is.</param>
/// <param name="meter">Told how many entries it makes, which only reading it tells, and how far it is.</param>
internal sealed class TextRead(DocumentWork document, MediaFormat format, ProgressMeter meter) : ReadJob(document)
{
    public override void Read(ReadContext context)
    {
        TextContent content = context.Texts.Read(Document.File.FullPath, format, context.CancellationToken);
        Document.Wait = context.Options.OfficePages && OfficePages.CanDraw(format, content) ? WaitState.Pages : null;
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
        try
        {
            for (int i = Document.StoredEntryCount; i < content.Parts.Count && !Document.IsOver; i++)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                TextLayer text = SectionLayer.Of(content.Parts[i].Text);
                Document.SetText(i, text);
                context.Emit(new SectionJob { Document = Document, EntryIndex = i, Part = 0, Text = text });
                meter.Reading(key, i + 1, content.Parts.Count, FileProgressUnit.Sections);
            }
        }
        finally
        {
            meter.ReadingEnded(key);
        }
    }
}
