using MultiVecRetrieval.Ingestion.Walking;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>What the parts of one run share.</summary>
internal sealed class RunContext
{
    public required Collection Collection { get; init; }

    /// <summary>The encoders of all spaces of the collection: a document without rows in one of them would be a hole.</summary>
    public required IReadOnlyList<SpaceEncoder> Encoders { get; init; }

    public required SourceTable Ledger { get; init; }

    public required CommitWriter Writer { get; init; }

    public required RunTally Tally { get; init; }

    public required ProgressMeter Meter { get; init; }

    public required IReadOnlyDictionary<string, MetadataValue> Metadata { get; init; }

    public required int WorkerCount { get; init; }

    public required CancellationToken CancellationToken { get; init; }

    /// <summary>The stored document of a row: of this very file, not of another that holds its key.</summary>
    public Document? FindStored(SourceFile row) =>
        row.DocumentKey is { } key && Collection.Documents.Get(key) is { } document && document.SourcePath == IndexScope.FullPath(row)
            ? document
            : null;

    public void CountUnchanged(FoundFile file, SourceFile row)
    {
        Tally.Add(report => report with { Unchanged = report.Unchanged + 1 });
        if (WaitState.ProblemsOf(row.Reason) is { } problems)
        {
            Tally.AddPartial(new FailedFile(file.FullPath, problems, row.Setting));
        }
    }

    /// <summary>Records that a file is left out or failed. What was stored for an excluded file goes; for a failed one it stays.</summary>
    public void Post(SourceFile row, Refusal refusal)
    {
        SourceFile settled = row with { State = refusal.State, Reason = refusal.Reason, Setting = refusal.Setting };
        if (refusal.State == SourceState.Excluded)
        {
            string? stored = Ledger.Find(row.Root, row.Path) is { } previous ? FindStored(previous)?.Key : null;
            Writer.Post(settled with { DocumentKey = null }, () => Tally.AddExcluded(row.Path, refusal.IsUnsupported), stored);
            return;
        }

        // A row without a hash is looked at again by the next run.
        settled = FailureReason.IsCheapToCheck(refusal.Setting) ? settled with { ContentHash = null } : settled;
        string path = IndexScope.FullPath(row);
        Writer.Post(settled, () => Tally.AddFailed(new FailedFile(path, refusal.Reason, refusal.Setting)));
    }

    /// <summary>Leaves a file for the next run, with the reason.</summary>
    public void PostPending(SourceFile row, string reason) =>
        Writer.Post(row with { State = SourceState.Pending, Reason = reason }, static () => { });

    /// <summary>The spaces in which no entry of a document has rows: those that were added after it was indexed.</summary>
    public IReadOnlyList<SpaceEncoder> FindUnfilled(Document document)
    {
        IReadOnlyList<Entry> entries = Collection.Entries.List(document.Key, limit: int.MaxValue);
        return [.. Encoders.Where(encoder => encoder.Sees(document.MediaType)
            && entries.Any(entry => encoder.Passages is null || Collection.Entries.GetText(entry.Key) is { Words.Count: > 0 })
            && !entries.Any(entry => Collection.Entries.GetVectors(entry.Key, encoder.Space.Name) is { RowCount: > 0 }))];
    }

    /// <summary>True when a stored document can stand for its content: nothing failed, no space lacks it, nothing will replace
    /// it. What a later pass has to do with it is to be done with its copy too.</summary>
    public bool IsWhole(Document document)
    {
        SourceFile? row = FindRow(document);
        bool isReplaced = document.SourcePath is { } path && File.Exists(path)
            && !SourceTable.IsCurrent(row, new FileInfo(path));
        bool isFilled = row?.State == SourceState.Indexed
            || (row?.State == SourceState.Pending && document.ExpectedEntryCount is null && FindUnfilled(document).Count == 0);
        return isFilled && WaitState.ProblemsOf(row!.Reason) is null && !isReplaced;
    }

    /// <summary>The row of the ledger that a stored document came from.</summary>
    public SourceFile? FindRow(Document document) =>
        Ledger.FindByDocument(document.Key) is { } row && IndexScope.FullPath(row) == document.SourcePath ? row : null;
}
