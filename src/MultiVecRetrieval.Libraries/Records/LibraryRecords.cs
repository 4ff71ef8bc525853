using MultiVecRetrieval.Libraries;
using MultiVecRetrieval.Libraries.Collections;
using MultiVecRetrieval.Libraries.Indexing;
using MultiVecRetrieval.Libraries.Records;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>Vectors that clients bring, in collections like any other. Each change is one commit: what it returns from is durable.
/// Thread-safe.</summary>
public sealed class LibraryRecords
{
    private readonly OpenCollections _collections;
    private readonly Indexer _indexer;
    private readonly Turns _turns;
    private readonly Func<Snapshot, LibraryQuery, CancellationToken, SearchResult> _search;
    private readonly Func<Space, string, CancellationToken, MultiVector> _encode;

    internal LibraryRecords(
        OpenCollections collections, Indexer indexer, Turns turns,
        Func<Snapshot, LibraryQuery, CancellationToken, SearchResult> search,
        Func<Space, string, CancellationToken, MultiVector> encode) =>
        (_collections, _indexer, _turns, _search, _encode) = (collections, indexer, turns, search, encode);

    /// <summary>Makes a collection with spaces for vectors of a client.</summary>
    /// <exception cref="CollectionExistsException">There is one of that name.</exception>
    /// <exception cref="ArgumentException">A space cannot be made.</exception>
    public Collection Create(string name, IReadOnlyList<VectorSpec> vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (_collections.Exists(name))
        {
            throw new CollectionExistsException(_collections.FolderOf(name));
        }

        return _collections.GetWritable(name, () => [.. vectors.Select(vector => vector.ToSpace())]);
    }

    /// <summary>The spaces of a collection, as clients know them.</summary>
    public IReadOnlyList<VectorSpec> ListVectors(string collection) =>
        [.. _collections.Get(collection).Spaces.Where(space => space.State == SpaceState.Live).Select(VectorSpec.Of)];

    /// <summary>Stores records, each in the place of the one of its key. Waits for a run that indexes the collection.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="InvalidQueryException">A record cannot be stored; none is.</exception>
    /// <exception cref="UnknownSpaceException">A vector is of a space that there is not.</exception>
    /// <exception cref="DimensionMismatchException">A vector has another length than its space.</exception>
    public Task UpsertAsync(string collection, IReadOnlyList<VectorRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        return _indexer.ChangeAsync(
            collection, () => RecordWriter.Upsert(_collections.GetWritable(collection), records), cancellationToken);
    }

    /// <summary>Changes records that are there: reads each, and stores what is made of it.</summary>
    /// <returns>How many were there.</returns>
    /// <exception cref="InvalidQueryException">A key is that of a file's entry, or a new record cannot be stored; nothing is
    /// changed.</exception>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="keys">Which; those that are not there are passed over.</param>
    /// <param name="change">Makes the new record of the old one; called in the order of the keys.</param>
    /// <param name="cancellationToken">Stops waiting for a run.</param>
    public async Task<int> UpdateAsync(
        string collection, IReadOnlyList<string> keys, Func<VectorRecord, VectorRecord> change,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(change);
        int count = 0;
        await _indexer.ChangeAsync(
            collection,
            () =>
            {
                Collection store = _collections.GetWritable(collection);
                CheckRecords(store, keys, "its vectors and metadata are those of the file");
                VectorRecord[] changed = [.. keys.Distinct(StringComparer.Ordinal).Select(key => Get(store, key)).OfType<VectorRecord>()
                    .Select(change)];
                RecordWriter.Upsert(store, changed);
                count = changed.Length;
            },
            cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <summary>Removes records; what is a file stays.</summary>
    /// <returns>How many were there.</returns>
    /// <exception cref="InvalidQueryException">A key is that of a file's entry; nothing is removed.</exception>
    public async Task<int> DeleteAsync(string collection, IReadOnlyList<string> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        int count = 0;
        await _indexer.ChangeAsync(
            collection,
            () =>
            {
                Collection store = _collections.GetWritable(collection);
                CheckRecords(store, keys, "remove its document instead");
                using CollectionWriter writer = store.BeginWrite();
                count = keys.Count(writer.Delete);
                writer.Commit();
            },
            cancellationToken).ConfigureAwait(false);
        return count;
    }

    /// <summary>The record of a key with its vectors; null when there is none.</summary>
    public VectorRecord? Get(string collection, string key) => Get(_collections.Get(collection), key);

    /// <summary>The vectors of an entry, of a file too, by the names that clients know.</summary>
    /// <param name="entries">The entries of its collection.</param>
    /// <param name="key">Its key.</param>
    /// <param name="vectors">Names of spaces.</param>
    /// <exception cref="UnknownSpaceException">There is no such space.</exception>
    public static VectorRecord Read(CollectionEntries entries, string key, IReadOnlyList<string> vectors)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(vectors);
        Dictionary<string, MultiVector> found = new(StringComparer.Ordinal);
        foreach (string name in vectors)
        {
            if (entries.GetVectors(key, VectorSpec.ToSpaceName(name)) is { RowCount: > 0 } rows)
            {
                found[name] = rows;
            }
        }

        return new VectorRecord { Key = key, Vectors = found };
    }

    /// <summary>Ranks records and entries of files by stages.</summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="stage">The last stage, which holds those before it.</param>
    /// <param name="offset">Results to skip.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidQueryException">The stages ask for what cannot be.</exception>
    /// <exception cref="UnknownSpaceException">A vector is of a space that there is not.</exception>
    /// <exception cref="DimensionMismatchException">A vector has another length than its space.</exception>
    public Task<IReadOnlyList<RecordHit>> SearchAsync(
        string collection, RecordStage stage, int offset = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return _turns.RunAsync(() => Run(collection, search => search.Run(stage, offset), cancellationToken), cancellationToken);
    }

    /// <summary>The same by groups: the results of each value of a field of the payload, groups in the order of their best.</summary>
    /// <param name="collection">Name of the collection.</param>
    /// <param name="stage">The last stage.</param>
    /// <param name="field">The field.</param>
    /// <param name="size">Results of a group at most.</param>
    /// <param name="most">Groups at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task<IReadOnlyList<RecordGroup>> SearchGroupsAsync(
        string collection, RecordStage stage, string field, int size, int most, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(field);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return _turns.RunAsync(
            () => Run(collection, search => search.RunGroups(stage, field, size, most), cancellationToken), cancellationToken);
    }

    private static void CheckRecords(Collection collection, IReadOnlyList<string> keys, string instead)
    {
        if (keys.FirstOrDefault(key => collection.Entries.Get(key) is { MediaType: not MediaType.Record }) is { } file)
        {
            throw new InvalidQueryException($"'{file}' is of a file; {instead}.", "points");
        }
    }

    private static VectorRecord? Get(Collection collection, string key) =>
        collection.Documents.Get(key) is { MediaType: MediaType.Record } document
            ? Read(collection.Entries, key, [.. collection.Spaces.Select(space => VectorSpec.ToName(space.Name))]) with
            {
                Payload = document.Payload,
            }
            : null;

    private T Run<T>(string collection, Func<RecordSearch, T> run, CancellationToken cancellationToken)
    {
        using Snapshot snapshot = _collections.Get(collection).OpenSnapshot();
        return run(new RecordSearch(
            snapshot,
            (text, filter, top) => _search(
                snapshot, new LibraryQuery { Collection = collection, Text = text, Filter = filter, Top = top, Explain = false },
                cancellationToken),
            (space, text) => _encode(space, text, cancellationToken),
            cancellationToken));
    }
}
