using System.Text.Json;
using System.Text.Json.Nodes;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Server.Access;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>The points of a collection at one time: records of clients by their ids, entries of files by ids made of their keys.</summary>
internal sealed class PointStore : IDisposable
{
    private readonly QdrantCall _call;
    private readonly PointIds _ids;
    private readonly Collection _collection;
    private readonly Snapshot _snapshot;

    /// <exception cref="CollectionNotFoundException">There is no such collection.</exception>
    public PointStore(QdrantCall call)
    {
        _call = call;
        _ids = call.Context.RequestServices.GetRequiredService<PointIds>();
        _collection = call.Library.GetCollection(call.Collection);
        Vectors = call.Library.Records.ListVectors(call.Collection);
        Filters = new FilterReader(FindKey);
        _snapshot = _collection.OpenSnapshot();
    }

    /// <summary>The spaces.</summary>
    public IReadOnlyList<VectorSpec> Vectors { get; }

    /// <summary>Reads filters on these points.</summary>
    public FilterReader Filters { get; }

    /// <summary>The entries.</summary>
    public CollectionEntries Entries => _snapshot.Entries;

    /// <summary>The vectors that a query names by <c>using</c>, or the only ones.</summary>
    public string FindVectors(JsonElement request, string path)
    {
        string? name = request.FindText("using", "");
        VectorSpec? found = name is not null ? Vectors.FirstOrDefault(vectors => vectors.Name == name)
            : Vectors.FirstOrDefault(vectors => vectors.Name.Length == 0) ?? (Vectors.Count == 1 ? Vectors[0] : null);
        return found?.Name ?? throw RequestException.Invalid(
            "using",
            (name is null
                ? $"{path}: the collection has vectors of several names; 'using' says which. "
                : $"{path}: there are no vectors '{name}'. ")
            + $"There are: {string.Join(", ", Vectors.Select(vectors => vectors.Name.Length == 0 ? "(unnamed)" : vectors.Name))}.");
    }

    /// <summary>The vectors of a stored point, here or in the collection that <c>lookup_from</c> names.</summary>
    public (string Key, MultiVector Rows) ReadExample(JsonElement id, string vectors, JsonElement request, string path)
    {
        if (request.Find("lookup_from") is not { } lookup)
        {
            return ReadVectors(id, vectors, path);
        }

        string other = lookup.GetText("collection", "lookup_from");
        Endpoints.Parameters.CheckCollectionName(other);
        AccessKey.Check(_call.Context, other);
        using PointStore points = new(_call with { Collection = other });
        return points.ReadVectors(id, lookup.FindText("vector", "lookup_from") ?? vectors, path);
    }

    /// <summary>The keys that <c>points</c> or <c>filter</c> of a request select.</summary>
    public IReadOnlyList<string> Select(JsonElement request)
    {
        if (request.Find("points") is { } ids)
        {
            return [.. ids.List("points").Select(id => FindKey(id.Value, id.Path)).OfType<string>()];
        }

        Filter filter = Filters.Read(request)
            ?? throw RequestException.Invalid("points", "Give points (a list of ids) or a filter.");
        return [.. Entries.List(filter: filter, limit: int.MaxValue).Select(entry => entry.Key)];
    }

    /// <summary>The point of an id; null when there is none.</summary>
    public (Entry Entry, Document Document)? Find(JsonElement id, string path) => FindKey(id, path) is { } key ? Load(key) : null;

    /// <summary>The point of a key that these points have.</summary>
    public (Entry Entry, Document Document) Load(string key) => Load(Entries.Get(key)!);

    /// <summary>The point of one of the entries.</summary>
    public (Entry Entry, Document Document) Load(Entry entry) => (entry, _snapshot.Documents.Get(entry.DocumentKey)!);

    /// <inheritdoc/>
    public void Dispose() => _snapshot.Dispose();

    /// <summary>A point as an answer has it.</summary>
    public JsonObject Write(Entry entry, Document document, JsonElement request, double? score = null)
    {
        JsonObject point = new() { ["id"] = JsonSerializer.SerializeToNode(PointId.Of(entry.Key)) };
        if (score is { } own)
        {
            point["version"] = 0;
            point["score"] = own;
        }

        if (PayloadSelection.Read(request) is { } selection)
        {
            point["payload"] = selection.Apply(PayloadOf(entry, document));
        }

        JsonElement? wanted = request.Find("with_vector") ?? request.Find("with_vectors");
        if (wanted is { ValueKind: not JsonValueKind.False } vectors)
        {
            string[] names = vectors.ValueKind == JsonValueKind.True
                ? [.. Vectors.Select(known => known.Name)]
                : [.. vectors.List("with_vector").Select(name => QdrantJson.ToText(name.Value, name.Path))];
            point["vector"] = WriteVectors(entry.Key, names);
        }

        return point;
    }

    private JsonNode? WriteVectors(string key, string[] names)
    {
        VectorRecord record = LibraryRecords.Read(Entries, key, [.. names.Where(name => Vectors.Any(known => known.Name == name))]);
        JsonObject named = [];
        foreach ((string name, MultiVector rows) in record.Vectors)
        {
            bool isMany = Vectors.First(known => known.Name == name).IsMultiVector;
            named[name] = JsonSerializer.SerializeToNode(VectorReader.Write(rows, isMany));
        }

        return Vectors is [{ Name.Length: 0 }] ? named.FirstOrDefault().Value?.DeepClone() : named;
    }

    // Of a file what a program that answers questions needs: where it is from and what it says.
    private JsonObject PayloadOf(Entry entry, Document document)
    {
        if (document.MediaType == MediaType.Record)
        {
            return document.Payload is null ? [] : JsonNode.Parse(document.Payload)!.AsObject();
        }

        JsonObject payload = new()
        {
            ["key"] = entry.Key,
            ["document"] = document.Key,
            ["type"] = entry.MediaType.ToString().ToLowerInvariant(),
            ["page"] = entry.Page,
            ["title"] = document.Title,
            ["text"] = Entries.GetText(entry.Key)?.Text,
        };
        foreach ((string name, MetadataValue value) in document.Metadata)
        {
            payload.TryAdd(name, JsonSerializer.SerializeToNode(
                value.IsList ? value.Elements.Select(element => element.Value).ToArray() : value.Value));
        }

        return payload;
    }

    private (string Key, MultiVector Rows) ReadVectors(JsonElement id, string vectors, string path)
    {
        string key = FindKey(id, path)
            ?? throw RequestException.NotFound("unknown-point", $"{path}: there is no point {QdrantJson.Show(id)}.");
        return LibraryRecords.Read(Entries, key, [vectors]).Vectors.TryGetValue(vectors, out MultiVector? rows)
            ? (key, rows)
            : throw RequestException.Invalid(path, $"{path}: point {QdrantJson.Show(id)} has no vector '{vectors}'.");
    }

    private string? FindKey(JsonElement id, string path) => _ids.Find(_collection, _snapshot, PointId.ToKey(id, path));
}
