using System.Collections.Concurrent;
using System.Diagnostics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// Writes documents and rows of the ledger, in one thread, in batches that become durable together. Documents are written in the
/// order in which they become whole. A long one is committed part by part while it is read; one that replaces another version only when it
/// is whole, and the others wait in memory meanwhile.
/// </summary>
internal sealed class CommitWriter(Collection collection, RunTally tally, ProgressMeter meter) : IDisposable
{
    /// <summary>A batch is committed when it has this many entries.</summary>
    private const int BatchEntryCount = 64;

    /// <summary>... or when its first change is this old.</summary>
    private static readonly TimeSpan BatchAge = TimeSpan.FromSeconds(2);

    // What the writer does next, in order; a document may be announced many times.
    private readonly BlockingCollection<Action> _signals = [];
    private readonly Queue<DocumentWork> _waiting = new();
    private readonly StoredContent _stored = new(collection);
    private readonly List<Action> _afterCommit = [];
    private readonly Stopwatch _batchAge = new();
    private CollectionWriter? _batch;
    private DocumentWork? _open;
    private DocumentWork? _inParts;

    /// <summary>Rows that were encoded and wait to be written.</summary>
    public HeldRows HeldRows { get; } = new();

    /// <summary>True for a long document that is being written while it is read.</summary>
    public bool IsOpen(DocumentWork document) =>
        ReferenceEquals(Volatile.Read(ref _open), document) || ReferenceEquals(Volatile.Read(ref _inParts), document);

    public void Notify(DocumentWork document) => _signals.Add(() => Handle(document));

    public void OnEntryWhole(DocumentWork document)
    {
        meter.EntriesDone(1, document.Document.Key);
        if (document.EntryCount > DocumentWork.StreamingEntryCount || document.IsComplete)
        {
            Notify(document);
        }
    }

    /// <summary>Writes a row of the ledger that comes without a document.</summary>
    /// <param name="source">The row.</param>
    /// <param name="count">What to count once it is durable.</param>
    /// <param name="documentToDelete">A document that goes with it.</param>
    public void Post(SourceFile source, Action count, string? documentToDelete = null) =>
        _signals.Add(() =>
        {
            CollectionWriter batch = Batch();
            batch.SetSource(source);
            if (documentToDelete is not null)
            {
                batch.Delete(documentToDelete);
            }

            _afterCommit.Add(count);
        });

    /// <summary>Deletes a document and then its row of the ledger.</summary>
    public void Remove(SourceFile source) => _signals.Add(() =>
    {
        if (source.DocumentKey is { } key)
        {
            Batch().Delete(key);
        }

        _afterCommit.Add(() => collection.Sources.Remove([source.GetKey()]));
        _afterCommit.Add(() => tally.Add(report => report with { Removed = report.Removed + 1 }));
    });

    /// <summary>No more signals will come.</summary>
    public void Complete() => _signals.CompleteAdding();

    /// <summary>Writes until <see cref="Complete"/> was called and everything is durable.</summary>
    public void Run()
    {
        while (!_signals.IsCompleted)
        {
            if (_signals.TryTake(out Action? signal, millisecondsTimeout: 100))
            {
                signal();
            }

            if (_open is null && _batch is not null && (_batch.PendingEntryCount >= BatchEntryCount || _batchAge.Elapsed >= BatchAge))
            {
                Commit();
            }
        }

        AbandonUnfinished();
        Commit();
    }

    public void Dispose()
    {
        _batch?.Dispose();
        _signals.Dispose();
    }

    private void Handle(DocumentWork document)
    {
        if (document.IsSettled)
        {
            return;
        }

        if (_open is not null && !ReferenceEquals(_open, document))
        {
            _waiting.Enqueue(document);
            return;
        }

        Write(document);
        if (_open is null)
        {
            WriteWaiting();
        }
    }

    private void WriteWaiting()
    {
        while (_open is null && _waiting.TryDequeue(out DocumentWork? document))
        {
            if (!document.IsSettled)
            {
                Write(document);
            }
        }
    }

    // Begins the document if need be, adds what is ready, and finishes it when it is whole.
    private void Write(DocumentWork document)
    {
        bool isComplete = document.IsComplete;
        if (document.IsWrittenInParts)
        {
            WritePart(document, isComplete);
            return;
        }

        if (_open is null)
        {
            if (isComplete && document.IsOver)
            {
                Finish(document, isBegun: false);
                return;
            }

            Batch().BeginDocument(document.WithTags());
            Volatile.Write(ref _open, document);
        }
        else
        {
            // A deletion may have come between.
            Batch().ContinueDocument(document.WithTags());
        }

        foreach (EntryContent entry in document.CopyOf is { } original
            ? _stored.CopyEntries(original, document.Document.Key)
            : document.TakeReady())
        {
            Batch().Add(_stored.AddRows(entry, document.KeptSpaces));
            document.WrittenEntryCount++;
        }

        if (isComplete)
        {
            Volatile.Write(ref _open, null);
            Finish(document, isBegun: true);
        }
    }

    // Adds what is ready to the part that is stored, with a row of the ledger that stays true if nothing follows.
    private void WritePart(DocumentWork document, bool isComplete)
    {
        IReadOnlyList<EntryContent> ready = document.IsOver ? [] : document.TakeReady();
        if (ready.Count > 0)
        {
            bool isBegun = document.StoredEntryCount + document.WrittenEntryCount > 0;
            Document part = document.Document with { ExpectedEntryCount = document.ExpectedCount };
            if (isBegun)
            {
                Batch().ContinueDocument(part);
            }
            else
            {
                Batch().BeginDocument(part);
            }

            foreach (EntryContent entry in ready)
            {
                Batch().Add(entry);
            }

            document.WrittenEntryCount += ready.Count;
            string reason = document.DescribeProblems(document.ExpectedCount)
                ?? DocumentWork.DescribePart(
                    part.MediaType, document.StoredEntryCount + document.WrittenEntryCount, document.ExpectedCount);
            Batch().SetSource(document.Source with { State = SourceState.Pending, Reason = reason });
            _afterCommit.Add(() => tally.Add(report => report with { EntriesAdded = report.EntriesAdded + ready.Count }));
            if (_inParts is null)
            {
                Volatile.Write(ref _inParts, document);
            }
        }

        if (isComplete)
        {
            if (ReferenceEquals(_inParts, document))
            {
                Volatile.Write(ref _inParts, null);
            }

            Finish(document, isBegun: document.StoredEntryCount + document.WrittenEntryCount > 0);
        }
    }

    private void Finish(DocumentWork document, bool isBegun)
    {
        document.IsSettled = true;
        Settle(document, isBegun);
        document.Settled?.Invoke();
    }

    private void Settle(DocumentWork document, bool isBegun)
    {
        string? problems = document.DescribeProblems(document.EntryCount);
        SourceFile source = document.Source;
        if (document.IsAbandoned)
        {
            // Of a document in parts those that are written stay.
            if (!document.IsWrittenInParts)
            {
                TakeBack(document, isBegun);
            }
        }
        else if (document.ArePagesOfText && FindFailure(document, problems) is { } failure)
        {
            TakeBack(document, isBegun);
            KeepText(document, failure);
        }
        else if (document.IsUnsupported)
        {
            TakeBack(document, isBegun);
            Exclude(document);
        }
        else if (FindFailure(document, problems) is { } failed)
        {
            if (!document.IsWrittenInParts)
            {
                TakeBack(document, isBegun);
            }

            Fail(document, failed);
        }
        else if (!document.File.IsUnchangedOnDisk())
        {
            TakeBack(document, isBegun);
            Batch().SetSource(
                source with { State = SourceState.Pending, Reason = "the file changed while it was read; the next run reads it again" });
        }
        else
        {
            if (document.IsWrittenInParts)
            {
                Batch().ContinueDocument(document.WithTags());
            }

            Batch().SetSource(source with
            {
                State = SourceState.Indexed,
                Reason = document.Wait is { } wait
                    ? WaitState.Join(problems, wait)
                    : RecognitionState.Describe(problems, document.WaitingPages),
                Setting = document.FailedSetting,
            });
            Accept(document, problems);
        }
    }

    // Why nothing of the document can be stored.
    private static string? FindFailure(DocumentWork document, string? problems) =>
        document.Failure ?? (document.StoredEntryCount + document.WrittenEntryCount == 0 ? problems : null);

    private void Accept(DocumentWork document, string? problems)
    {
        if (document is { IsRename: true, CopyOf: { } original })
        {
            if (original.Key != document.Document.Key)
            {
                Batch().Delete(original.Key);
            }

            if (document.RenamedFrom is { } old)
            {
                _afterCommit.Add(() => collection.Sources.Remove([old.GetKey()]));
            }
        }

        // Those of parts were counted with their parts.
        int added = document.IsWrittenInParts ? 0 : document.WrittenEntryCount;
        if (document.CopyOf is not null)
        {
            meter.EntriesDone(added, document.Document.Key);
        }

        if (problems is not null)
        {
            tally.AddPartial(new FailedFile(document.File.FullPath, problems, document.FailedSetting));
        }

        // The file was counted with its text.
        _afterCommit.Add(() => tally.Add(report => document.IsRename
            ? report with { Renamed = report.Renamed + 1 }
            : document.ArePagesOfText ? report with { EntriesAdded = report.EntriesAdded + added - document.CountedEntryCount }
            : report with { Indexed = report.Indexed + 1, EntriesAdded = report.EntriesAdded + added }));
    }

    private void KeepText(DocumentWork document, string failure)
    {
        string reason = $"its pages could not be drawn: {failure}";
        Batch().SetSource(document.Source with { State = SourceState.Indexed, Reason = reason, Setting = document.FailedSetting });
        tally.AddPartial(new FailedFile(document.File.FullPath, reason, document.FailedSetting));
    }

    // What was stored for the file goes, as with a file that was refused before it was read.
    private void Exclude(DocumentWork document)
    {
        Batch().SetSource(document.Source with { State = SourceState.Excluded, Reason = document.Failure, DocumentKey = null });
        if (collection.Documents.Get(document.Document.Key)?.SourcePath == document.File.FullPath)
        {
            Batch().Delete(document.Document.Key);
        }

        _afterCommit.Add(() => tally.AddExcluded(document.Source.Path, isUnsupported: true));
    }

    private void Fail(DocumentWork document, string reason)
    {
        string? setting = document.FailedSetting;
        bool isKept = collection.Documents.Get(document.Document.Key)?.SourcePath == document.File.FullPath;
        Batch().SetSource(document.Source with
        {
            State = SourceState.Failed,
            Reason = !isKept ? reason
                : document.IsWrittenInParts ? $"{reason} (what was read before can be found)"
                : $"{reason} (the document of the earlier content was kept)",
            Setting = setting,
            ContentHash = FailureReason.IsCheapToCheck(setting) ? null : document.Source.ContentHash,
        });
        _afterCommit.Add(() => tally.AddFailed(new FailedFile(document.File.FullPath, reason, setting)));
    }

    private void TakeBack(DocumentWork document, bool isBegun)
    {
        if (isBegun && document.IsWrittenInParts)
        {
            int written = document.WrittenEntryCount;
            Batch().Delete(document.Document.Key);
            _afterCommit.Add(() => tally.Add(report => report with { EntriesAdded = report.EntriesAdded - written }));
        }
        else if (isBegun)
        {
            Batch().ContinueDocument(document.Document);
            Batch().AbandonDocument();
        }
    }

    // After a cancelled run some documents will never be whole; those that are whole are still written.
    private void AbandonUnfinished()
    {
        if (_open is { } document)
        {
            Volatile.Write(ref _open, null);
            document.Abandon();
            Finish(document, isBegun: true);
        }

        foreach (DocumentWork waiting in _waiting.Where(waiting => !waiting.IsComplete))
        {
            waiting.Abandon();
        }

        WriteWaiting();
    }

    private CollectionWriter Batch()
    {
        if (_batch is null)
        {
            _batch = collection.BeginWrite();
            _batchAge.Restart();
        }

        return _batch;
    }

    private void Commit()
    {
        if (_batch is not null)
        {
            _batch.Commit();
            _batch.Dispose();
            _batch = null;
        }

        foreach (Action action in _afterCommit)
        {
            action();
        }

        _afterCommit.Clear();
    }
}
