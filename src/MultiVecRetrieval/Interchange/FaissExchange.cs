using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Interchange;

/// <summary>The rows of a collection as a FAISS index, and back: the index file, and beside it a file that says whose vector is
/// whose.</summary>
/// <remarks>
/// The keys, <c>[index file].keys.jsonl</c>, are one line of JSON per vector, in its order: <c>{"key":"a.png","row":0}</c>.
/// </remarks>
public static class FaissExchange
{
    private const int PageSize = 1_000;
    private const int EntriesPerCommit = 10_000;

    private sealed record VectorKey(string Key, int Row);

    /// <summary>The file of keys that belongs to an index file.</summary>
    public static string GetKeysPath(string path) => path + ".keys.jsonl";

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
        List<VectorKey> keys = [];
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
                keys.AddRange(Enumerable.Range(0, rows.RowCount).Select(row => new VectorKey(entry.Key, row)));
            }

            after = page[^1].Key;
        }

        FaissFlatIndex storage = new(FaissMetric.InnerProduct, dimension, [.. values]);
        using (StreamWriter writer = new(GetKeysPath(path)))
        {
            foreach (VectorKey key in keys)
            {
                writer.WriteLine(JsonSerializer.Serialize(key, JsonSerializerOptions.Web));
            }
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

        string[] keys = ReadKeys(path, index.Count);
        using CollectionWriter writer = collection.BeginWrite(cancellationToken);
        int entryCount = 0;
        for (int start = 0, end; start < keys.Length; start = end)
        {
            cancellationToken.ThrowIfCancellationRequested();
            end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            Add(writer, keys[start], space, dimension, index.Values[(start * dimension)..(end * dimension)]);
            entryCount++;
            if (writer.PendingEntryCount >= EntriesPerCommit)
            {
                writer.Commit();
            }
        }

        writer.Commit();
        return entryCount;
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

    private static string[] ReadKeys(string path, int count)
    {
        string keysPath = GetKeysPath(path);
        if (!File.Exists(keysPath))
        {
            return [.. Enumerable.Range(0, count).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        }

        List<string> keys = [];
        foreach (string line in File.ReadLines(keysPath))
        {
            try
            {
                keys.Add(JsonSerializer.Deserialize<VectorKey>(line, JsonSerializerOptions.Web) is { Key.Length: > 0 } key
                    ? key.Key
                    : throw new JsonException("no key"));
            }
            catch (JsonException)
            {
                throw new FaissFormatException(keysPath, 0, $"{{\"key\":\"...\",\"row\":0}} in line {keys.Count + 1}", Quote(line));
            }
        }

        return keys.Count == count
            ? [.. keys]
            : throw new FaissFormatException(keysPath, 0, $"{count} keys, one per vector", $"{keys.Count}");
    }

    private static string Quote(string line)
    {
        const int Shown = 60;
        return line.Length <= Shown ? line : line[..Shown] + "…";
    }

    private static void Add(CollectionWriter writer, string key, string space, int dimension, float[] values)
    {
        writer.BeginDocument(new Document
        {
            Key = key,
            MediaType = MediaType.Image,
            ContentType = "application/octet-stream",
            ContentHash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(values))),
            SizeInBytes = (long)values.Length * sizeof(float),
            ModifiedAt = DateTimeOffset.UnixEpoch,
        });
        writer.Add(new EntryContent
        {
            Entry = new Entry { Key = key, DocumentKey = key, MediaType = MediaType.Image },
            Vectors = new Dictionary<string, MultiVector> { [space] = new MultiVector(dimension, values) },
        });
    }
}
