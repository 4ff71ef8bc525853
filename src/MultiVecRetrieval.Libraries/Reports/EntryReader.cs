namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>Reads all entries of a generation, without their rows and metadata.</summary>
internal sealed class EntryReader(Snapshot snapshot, Filter? filter, CancellationToken cancellationToken)
{
    private const int PageSize = 1_000;

    public int DocumentCount { get; private set; }

    public IReadOnlyList<ReportEntry> Read()
    {
        Dictionary<string, ReportDocument> documents = new(StringComparer.Ordinal);
        string? after = null;
        while (snapshot.Documents.List(filter, after, PageSize) is { Count: > 0 } page)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (Document document in page)
            {
                documents.Add(document.Key, new ReportDocument(
                    document.Key, document.MediaType, document.ContentHash, document.SourcePath, document.SizeInBytes, document.ModifiedAt,
                    document.EntryCount, document.ContentType));
            }

            after = page[^1].Key;
        }

        DocumentCount = documents.Count;
        List<ReportEntry> entries = [];
        after = null;
        while (snapshot.Entries.List(filter: filter, afterKey: after, limit: PageSize) is { Count: > 0 } page)
        {
            cancellationToken.ThrowIfCancellationRequested();
            entries.AddRange(page.Select(entry => new ReportEntry(entry.Key, entry, documents[entry.DocumentKey])));
            after = page[^1].Key;
        }

        return entries;
    }
}
