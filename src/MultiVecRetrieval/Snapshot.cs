using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Search;
using MultiVecRetrieval.Writing;

namespace MultiVecRetrieval;

/// <summary>A fixed generation of a collection; keeps its segment files alive until disposed. Thread-safe, one search at a time.</summary>
/// <remarks>While a snapshot is open the catalog's log cannot be emptied, so keep it for a task, not for the life of a process.</remarks>
public sealed class Snapshot : IDisposable, IGeneration
{
    private readonly CollectionStore _store;
    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();
    private bool _isDisposed;

    internal Snapshot(CollectionStore store)
    {
        _store = store;
        (_connection, Set) = store.Catalog.Guard(() => store.Pool.Acquire(store.Catalog));
        Documents = new CollectionDocuments(this);
        Entries = new CollectionEntries(this);
    }

    /// <summary>The generation; every commit and every merge makes the next.</summary>
    public long Generation => Set.Generation;

    /// <summary>The spaces, by name.</summary>
    public IReadOnlyList<Space> Spaces => Read(CatalogQueries.GetSpaces);

    /// <summary>The attributes, by name.</summary>
    public IReadOnlyList<AttributeState> Attributes => Read(AttributeTable.List);

    /// <summary>The documents of this generation.</summary>
    public CollectionDocuments Documents { get; }

    /// <summary>The entries of this generation.</summary>
    public CollectionEntries Entries { get; }

    string IGeneration.CatalogPath => _store.Catalog.Path;

    internal SegmentSet Set { get; }

    /// <summary>Searches this generation.</summary>
    /// <exception cref="ArgumentException">The request asks for nothing, a value is out of range, or a tier is named that the space does
    /// not have.</exception>
    /// <exception cref="UnknownSpaceException">A query names a space that does not exist.</exception>
    /// <exception cref="ModelMismatchException">A query was made by another encoder than its space.</exception>
    /// <exception cref="DimensionMismatchException">Query rows have another length than their space.</exception>
    /// <exception cref="CorruptSegmentException">A segment file that the search needs is damaged.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public SearchResult Search(SearchRequest request, CancellationToken cancellationToken = default)
    {
        SearchMachine machine = new(_store.SearchThreads, _store.Options.LatencyTarget, _store.ScanSpeed);
        return Activities.Run("mvr.search", _store.Folder, activity =>
        {
            SearchResult result =
                Read(connection => new Searcher(connection, Set, machine, _store.Catalog.Path).Search(request, cancellationToken));
            activity?.SetTag("mvr.space", string.Join(',', request.Vectors.Select(query => query.Space)))
                .SetTag("mvr.candidate_count", result.CandidateCount).SetTag("mvr.hit_count", result.Hits.Count);
            return result;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _store.Catalog.EndRead(_connection);
            _store.Pool.Release(Set);
        }
    }

    T IGeneration.Read<T>(Func<SqliteConnection, T> read) => Read(read);

    T IGeneration.Read<T>(Func<SqliteConnection, SegmentSet, T> read) => Read(read);

    internal T Read<T>(Func<SqliteConnection, SegmentSet, T> read) => Read(connection => read(connection, Set));

    internal T Read<T>(Func<SqliteConnection, T> read)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _store.Catalog.Guard(() => read(_connection));
        }
    }
}
