using System.Text.Json;

namespace MultiVecRetrieval.Server.Bodies;

/// <summary>Vectors of a client with JSON beside them.</summary>
public sealed record RecordBody
{
    /// <summary>The key of its document and entry; unique in the collection.</summary>
    public required string Key { get; init; }

    /// <summary>By space a list of vectors; one where the space takes one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<float[]>> Vectors { get; init; } = new Dictionary<string, IReadOnlyList<float[]>>();

    /// <summary>A JSON object; kept as it is, and found by filters as <c>meta.NAME</c>.</summary>
    public JsonElement? Payload { get; init; }

    internal VectorRecord ToRecord(string name)
    {
        JsonTexts.Check(Payload ?? default, $"{name}.payload");
        IReadOnlyDictionary<string, IReadOnlyList<float[]>> vectors = Vectors
            ?? throw new InvalidQueryException($"{name}.vectors is null; an object was expected.", $"{name}.vectors");
        return new VectorRecord
        {
            Key = Key,
            Vectors = vectors.ToDictionary(
                vector => vector.Key, vector => QueryPartBody.ReadRows(vector.Value, $"{name}.vectors.{vector.Key}")),
            Payload = Payload is { ValueKind: not JsonValueKind.Null } payload ? payload.GetRawText() : null,
        };
    }

    internal static RecordBody From(VectorRecord record) => new()
    {
        Key = record.Key,
        Vectors = record.Vectors.ToDictionary(
            vector => vector.Key,
            vector => (IReadOnlyList<float[]>)
                [.. Enumerable.Range(0, vector.Value.RowCount).Select(row => vector.Value.Row(row).ToArray())]),
        Payload = record.Payload is null ? null : JsonSerializer.Deserialize<JsonElement>(record.Payload),
    };
}
