using MultiVecRetrieval.Ann;

namespace MultiVecRetrieval.Interchange;

/// <summary>The rows of a collection as a FAISS index, and back: the index file, and beside it a file that says whose vector is
/// whose.</summary>
/// <remarks>
/// The keys, <c>[index file].keys.jsonl</c>, are one line of JSON per vector, in its order: <c>{"key":"a.png","row":0}</c>.
/// </remarks>
public static class FaissExchange
{
    private const int PageSize = 1_000;

    /// <summary>The file of keys that belongs to an index file.</summary>
    public static string GetKeysPath(string path) => VectorKeys.PathOf(path);

    /// <summary>Writes the rows of a space, entry by entry in the order of their keys; existing files are replaced.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="space">The name of the space.</param>
    /// <param name="path">The index file.</param>
    /// <param name="graph">How to build a graph, for an IndexHNSWFlat; null, the default, for an IndexFlat. Both by inner product.</param>
    /// <param name="cancellationToken">Checked between entries.</param>
    /// <returns>The number of vectors.</returns>
    /// <exception cref="UnknownSpaceException">The collection has no such space.</exception>
    /// <exception cref="InvalidOperationException">There are more values than one array holds.</exception>
    public static int Export(
        Collection collection, string space, string path, HnswOptions? graph = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentException.ThrowIfNullOrEmpty(path);
        int dimension = GetDimension(collection, space);
        List<float> values = [];
        List<string> keys = [];
        string? after = null;
        while (collection.Entries.List(afterKey: after, limit: PageSize) is { Count: > 0 } page)
        {
            foreach (Entry entry in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (collection.Entries.GetVectors(entry.Key, space) is not { } rows)
                {
                    continue;
                }

                if ((long)values.Count + rows.Values.Length > Array.MaxLength)
                {
                    throw new InvalidOperationException(
                        $"Space '{space}' has more than {Array.MaxLength} values; an export holds no more.");
                }

                values.AddRange(rows.Values);
                keys.AddRange(Enumerable.Range(0, rows.RowCount).Select(row => VectorKeys.ToLine(entry.Key, row)));
            }

            after = page[^1].Key;
        }

        FaissFlatIndex storage = new(FaissMetric.InnerProduct, dimension, [.. values]);
        using (StreamWriter writer = new(GetKeysPath(path)))
        {
            keys.ForEach(writer.WriteLine);
        }

        Link(storage, graph, cancellationToken).Write(path);
        return keys.Count;
    }

    /// <summary>Adds the vectors of an index to a space: vectors of one key in a row become the rows of one entry, which is its own
    /// document.</summary>
    /// <param name="collection">The collection, open for writing.</param>
    /// <param name="space">The name of the space; its d is that of the index.</param>
    /// <param name="path">An index of vectors. Without a file of keys beside it the keys are the numbers of the vectors.</param>
    /// <param name="cancellationToken">Checked between entries; what was committed stays.</param>
    /// <returns>The number of entries; documents of the same keys are replaced.</returns>
    /// <exception cref="UnknownSpaceException">The collection has no such space.</exception>
    /// <exception cref="DimensionMismatchException">The index has another d.</exception>
    /// <exception cref="FaissFormatException">The index is damaged or one of bits, or there are more or fewer keys than
    /// vectors.</exception>
    public static int Import(Collection collection, string space, string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(collection);
        int dimension = GetDimension(collection, space);
        FaissFlatIndex index = FaissIndex.Read(path) switch
        {
            FaissFlatIndex flat => flat,
            FaissHnswIndex hnsw => hnsw.Storage,
            _ => throw new FaissFormatException(path, 0, "an index of vectors", "one of bits"),
        };
        if (index.Dimension != dimension)
        {
            throw new DimensionMismatchException(space, dimension, index.Dimension);
        }

        string[] keys = VectorKeys.Read(
            path, index.Count, (expected, found) => new FaissFormatException(GetKeysPath(path), 0, expected, found));
        return new EntryImport(collection, space, cancellationToken).Run(VectorKeys.Group(keys).Select(run => new ImportedEntry(
            run.Key, index.Values[(run.Start * dimension)..((run.Start + run.Count) * dimension)])));
    }

    private static int GetDimension(Collection collection, string space) =>
        collection.Spaces.FirstOrDefault(known => known.Name == space)?.Dimension
        ?? throw new UnknownSpaceException(space, [.. collection.Spaces.Select(known => known.Name)]);

    private static FaissIndex Link(FaissFlatIndex storage, HnswOptions? options, CancellationToken cancellationToken)
    {
        if (options is null)
        {
            return storage;
        }

        using MemoryStream stream = new();
        HnswBuilder.Build(
            (index, row) => storage[index].CopyTo(row), storage.Count, storage.Dimension, options, stream, cancellationToken);
        using HnswGraph graph = HnswGraph.Open(stream.ToArray());
        return FaissHnswIndex.Create(storage, graph);
    }
}
