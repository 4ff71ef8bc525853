using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval;

/// <summary>
/// A batch of changes, made durable and visible together by <see cref="Commit"/>. Disposing without it changes nothing. Not thread-safe.
/// </summary>
/// <remarks>After a commit the writer takes the next batch. After a failed one it takes nothing more; the collection stays as it
/// was.</remarks>
public sealed class CollectionWriter : IDisposable
{
    private readonly CollectionStore _store;
    private readonly Action _committed;
    private readonly Action _released;
    private readonly RowBuffer _rows;
    private readonly SpaceReductions _reductions = new();
    private readonly Dictionary<string, PendingDocument> _documents = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deletedKeys = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Root, string Path), SourceFile> _sources = [];
    private readonly Dictionary<string, Space> _spaces;
    private PendingDocument? _current;
    private bool _isFailed;
    private bool _isDisposed;

    internal CollectionWriter(CollectionStore store, IReadOnlyList<Space> spaces, Action committed, Action released)
    {
        _store = store;
        _committed = committed;
        _released = released;
        _spaces = spaces.ToDictionary(space => space.Name);
        _rows = new RowBuffer(store.Storage, store.SegmentFolder, store.Options.WriteBufferInBytes, store.Counters!.NextFile);
        store.Pending!.Clear();
    }

    /// <summary>Entries added or replaced since the last commit.</summary>
    public int PendingEntryCount { get; private set; }

    /// <summary>Starts adding a document, or replacing the one of the same key with all of its entries; entries follow by
    /// <see cref="Add"/>.</summary>
    /// <param name="document">The document.</param>
    /// <param name="source">Saved with it when it is committed; dropped when it is abandoned.</param>
    /// <exception cref="ArgumentException">The document cannot be stored.</exception>
    public void BeginDocument(Document document, SourceFile? source = null)
    {
        CheckUsable();
        EntryRules.Check(document);
        EndDocument();
        _current = new PendingDocument(_store.Counters!.NextDocument(), document, source);
    }

    /// <summary>
    /// Goes on with a document of this batch or of the collection, so that a long one becomes searchable part by part: entries that follow
    /// come after those it has. Begins it when there is none of its key.
    /// </summary>
    /// <param name="document">What is known of it now; takes the place of what was. <see cref="Document.ExpectedEntryCount"/> says that it
    /// is not whole yet.</param>
    /// <exception cref="ArgumentException">The document cannot be stored.</exception>
    public void ContinueDocument(Document document)
    {
        CheckUsable();
        EntryRules.Check(document);
        EndDocument();
        if (_documents.Remove(document.Key, out PendingDocument? pending))
        {
            pending.Document = document;
            _current = pending;
            return;
        }

        _current = !_deletedKeys.Contains(document.Key) && _store.Pending!.FindDocument(document.Key) is var (id, entryCount)
            ? new PendingDocument(id, document, source: null) { StoredEntryCount = entryCount }
            : new PendingDocument(_store.Counters!.NextDocument(), document, source: null);
    }

    /// <summary>Adds an entry to the document begun last, its rows reduced as their space says. Rows beyond the write buffer are spilled to
    /// a segment file.</summary>
    /// <exception cref="InvalidOperationException">No document was begun.</exception>
    /// <exception cref="ArgumentException">The entry cannot be stored, its space's reduction needs saliency that its rows do not have, or
    /// its key belongs to another document or entry.</exception>
    /// <exception cref="UnknownSpaceException">It brings rows for a space that the collection does not have.</exception>
    /// <exception cref="DimensionMismatchException">Its rows have another length than their space.</exception>
    public void Add(EntryContent entry)
    {
        CheckUsable();
        PendingDocument current = _current ?? throw new InvalidOperationException("Begin a document before adding entries to it.");
        Dictionary<string, MultiVector> vectors = CheckEntry(entry);
        CheckKeyIsFree(entry.Entry.Key, current);
        Store(entry, vectors, current, (current.StoredEntryCount ?? 0) + current.EntryCount);
        current.EntryCount++;
    }

    /// <summary>
    /// Puts an entry in the place of the committed one of the same key, in the document that <see cref="ContinueDocument"/> goes on with. It
    /// has what it is given and nothing of the other; the rest of the document is not touched.
    /// </summary>
    /// <exception cref="InvalidOperationException">No document was begun.</exception>
    /// <exception cref="ArgumentException">The document has no committed entry of the key, or it was replaced in this batch; or the entry
    /// cannot be stored, as with <see cref="Add"/>.</exception>
    /// <exception cref="UnknownSpaceException">It brings rows for a space that the collection does not have.</exception>
    /// <exception cref="DimensionMismatchException">Its rows have another length than their space.</exception>
    public void Replace(EntryContent entry)
    {
        CheckUsable();
        PendingDocument current = _current ?? throw new InvalidOperationException("Continue a document before replacing its entries.");
        Dictionary<string, MultiVector> vectors = CheckEntry(entry);
        if (current.StoredEntryCount is null || _store.Pending!.FindCommitted(entry.Entry.Key, current.Id) is not var (id, ordinal))
        {
            throw new ArgumentException(
                $"Document '{current.Document.Key}' has no committed entry '{entry.Entry.Key}' to replace.", nameof(entry));
        }

        if (!current.ReplacedEntries.Add(id))
        {
            throw new ArgumentException($"Entry '{entry.Entry.Key}' was replaced in this batch already.", nameof(entry));
        }

        Store(entry, vectors, current, ordinal);
    }

    /// <summary>Takes back the document begun last, for instance because its decoding failed half-way; a former version stays.</summary>
    /// <exception cref="InvalidOperationException">No document was begun.</exception>
    public void AbandonDocument()
    {
        CheckUsable();
        PendingDocument current = _current ?? throw new InvalidOperationException("There is no document to abandon.");
        _current = null;
        TakeBack(current);
    }

    /// <summary>Deletes a document with its entries, whether it is committed or was added to this batch.</summary>
    /// <returns>True when the document existed.</returns>
    public bool Delete(string documentKey)
    {
        CheckUsable();
        ArgumentNullException.ThrowIfNull(documentKey);
        EndDocument();
        bool wasPending = _documents.Remove(documentKey, out PendingDocument? pending);
        if (wasPending)
        {
            TakeBack(pending!);
        }

        bool wasCommitted = _store.Pending!.DocumentExists(documentKey);
        return (wasCommitted && _deletedKeys.Add(documentKey)) || wasPending;
    }

    /// <summary>Records what became of a file, with this batch.</summary>
    public void SetSource(SourceFile source)
    {
        CheckUsable();
        ArgumentNullException.ThrowIfNull(source);
        _sources[(source.Root, source.Path)] = source;
    }

    /// <summary>Makes everything since <see cref="Collection.BeginWrite"/> or the last commit durable and visible.</summary>
    /// <returns>The new generation.</returns>
    /// <exception cref="IOException">A file could not be written; the collection is unchanged.</exception>
    /// <exception cref="CatalogException">The catalog could not be written; the collection is unchanged.</exception>
    public long Commit()
    {
        CheckUsable();
        return Activities.Run("mvr.commit", _store.Folder, activity =>
        {
            EndDocument();
            activity?.SetTag("mvr.document_count", _documents.Count).SetTag("mvr.deleted_count", _deletedKeys.Count)
                .SetTag("mvr.entry_count", PendingEntryCount);
            return CommitBatch();
        });
    }

    private long CommitBatch()
    {
        Committer committer = new(_store);
        try
        {
            _rows.Flush();
            long generation = committer.Commit(new Batch
            {
                Documents = _documents.Values,
                DeletedKeys = _deletedKeys,
                Sources = _sources.Values,
                Segments = _rows.Segments,
                RemovedEntries = _rows.Removed,
            });
            Reset(deleteFiles: false);
            _committed();
            return generation;
        }
        catch
        {
            _isFailed = true;
            Reset(deleteFiles: !committer.ReachedCommit);
            throw;
        }
    }

    /// <summary>Ends the batch; what was not committed is forgotten.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        try
        {
            if (!_isFailed)
            {
                Reset(deleteFiles: true);
            }
        }
        finally
        {
            _released();
        }
    }

    private Dictionary<string, MultiVector> CheckEntry(EntryContent entry)
    {
        EntryRules.Check(entry);
        Dictionary<string, MultiVector> vectors = [];
        foreach ((string name, MultiVector rows) in entry.Vectors)
        {
            Space space = FindSpace(name);
            EntryRules.Check(rows, space, entry.Entry.Key);
            vectors.Add(name, _reductions.Apply(space, rows));
        }

        return vectors;
    }

    private void Store(EntryContent entry, Dictionary<string, MultiVector> vectors, PendingDocument current, int ordinal)
    {
        long id = _store.Counters!.NextEntry();
        TryOrFail(() =>
        {
            _store.Pending!.Add(id, current.Id, ordinal, entry);
            foreach ((string name, MultiVector rows) in vectors.Where(pair => pair.Value.RowCount > 0))
            {
                _rows.Add(_spaces[name], id, rows);
            }
        });
        PendingEntryCount++;
    }

    private void CheckUsable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isFailed)
        {
            throw new InvalidOperationException("A write failed; dispose this writer and begin again.");
        }
    }

    private Space FindSpace(string name)
    {
        if (_spaces.TryGetValue(name, out Space? space))
        {
            return space;
        }

        // It may have been added since the batch began. Those that the batch knows keep the row format that it began with.
        foreach (Space known in _store.Catalog.Read(Catalogs.CatalogQueries.GetSpaces))
        {
            _spaces.TryAdd(known.Name, known);
        }

        return _spaces.TryGetValue(name, out space) ? space : throw new UnknownSpaceException(name, [.. _spaces.Keys]);
    }

    private void CheckKeyIsFree(string entryKey, PendingDocument current)
    {
        string? owner = null;
        if (_store.Pending!.FindOwner(entryKey) is { } pendingId)
        {
            if (pendingId == current.Id)
            {
                throw new ArgumentException($"Document '{current.Document.Key}' has two entries '{entryKey}'.", nameof(entryKey));
            }

            owner = _documents.Values.First(document => document.Id == pendingId).Document.Key;
        }
        else if (_store.Pending.FindCommittedOwner(entryKey) is { } key && !_deletedKeys.Contains(key) && !_documents.ContainsKey(key))
        {
            owner = key;
        }

        if (owner is not null && owner == current.Document.Key && current.StoredEntryCount is not null)
        {
            throw new ArgumentException($"Document '{owner}' has an entry '{entryKey}' already.", nameof(entryKey));
        }

        if (owner is not null && owner != current.Document.Key)
        {
            throw new ArgumentException($"Entry '{entryKey}' already belongs to document '{owner}'.", nameof(entryKey));
        }
    }

    private void EndDocument()
    {
        if (_current is not { } current)
        {
            return;
        }

        _current = null;
        if (_documents.Remove(current.Document.Key, out PendingDocument? superseded))
        {
            TakeBack(superseded);
        }

        _documents[current.Document.Key] = current;
        if (current.Source is { } source)
        {
            _sources[(source.Root, source.Path)] = source;
        }
    }

    private void TakeBack(PendingDocument document)
    {
        PendingEntryCount -= document.EntryCount + document.ReplacedEntries.Count;
        TryOrFail(() => _rows.Remove(_store.Pending!.Remove(document.Id)));
    }

    // Half an entry must not be committed by a caller who goes on after an error.
    private void TryOrFail(Action action)
    {
        try
        {
            action();
        }
        catch
        {
            _isFailed = true;
            Reset(deleteFiles: true);
            throw;
        }
    }

    private void Reset(bool deleteFiles)
    {
        _current = null;
        PendingEntryCount = 0;
        _documents.Clear();
        _deletedKeys.Clear();
        _sources.Clear();
        _rows.Clear(deleteFiles);
        _store.Pending!.Clear();
    }
}
