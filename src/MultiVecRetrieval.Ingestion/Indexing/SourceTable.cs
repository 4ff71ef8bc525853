using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>The ledger of sources as it stood when the run began, by root and path.</summary>
internal sealed class SourceTable(IReadOnlyList<SourceFile> rows)
{
    private readonly Dictionary<(string Root, string Path), SourceFile> _byPath = rows.ToDictionary(row => (row.Root, row.Path));

    private readonly Dictionary<string, SourceFile> _byDocument = rows
        .Where(row => row is { State: SourceState.Indexed or SourceState.Pending, DocumentKey: not null })
        .GroupBy(row => row.DocumentKey!, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.MinBy(row => row.State == SourceState.Indexed ? 0 : 1)!, StringComparer.Ordinal);

    public IReadOnlyList<SourceFile> Rows => rows;

    public SourceFile? Find(string root, string path) => _byPath.GetValueOrDefault((root, path));

    public SourceFile? Find(FoundFile file) => Find(file.Root, file.Path);

    /// <summary>The row of a document that is indexed, or that is looked at again, as it stood when the run began.</summary>
    public SourceFile? FindByDocument(string key) => _byDocument.GetValueOrDefault(key);

    /// <summary>True when the row describes the file as it is on disk.</summary>
    public static bool IsCurrent(SourceFile? row, FoundFile file) =>
        row is not null && row.SizeInBytes == file.SizeInBytes && FoundFile.IsSameTime(row.ModifiedAt, file.ModifiedAt)
        && (row.ChangedAt is not { } known || file.ChangedAt is not { } found || FoundFile.IsSameTime(known, found));

    public static bool IsCurrent(SourceFile? row, FileInfo file) =>
        row is not null && file.Exists && row.SizeInBytes == file.Length && FoundFile.IsSameTime(row.ModifiedAt, file.LastWriteTimeUtc);
}
