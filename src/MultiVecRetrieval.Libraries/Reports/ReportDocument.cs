namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>What a report keeps of a document.</summary>
internal sealed record ReportDocument(
    string Key, MediaType MediaType, string ContentHash, string? Path, long SizeInBytes, DateTimeOffset ModifiedAt, int EntryCount,
    string ContentType);
