using System.Text.Json;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>Reads and writes vectors: a list of numbers, a list of such lists, or these by name.</summary>
internal static class VectorReader
{
    /// <summary>The vectors of a point by the name of their space.</summary>
    public static Dictionary<string, MultiVector> ReadNamed(JsonElement? vector, string path)
    {
        Dictionary<string, MultiVector> named = new(StringComparer.Ordinal);
        if (vector is { ValueKind: JsonValueKind.Object } byName)
        {
            foreach (JsonProperty member in byName.EnumerateObject())
            {
                named[member.Name] = Read(member.Value, QdrantJson.Path(path, member.Name));
            }
        }
        else if (vector is { } only)
        {
            named[""] = Read(only, path);
        }

        return named;
    }

    public static bool IsVector(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
        && value[0].ValueKind is JsonValueKind.Number or JsonValueKind.Array;

    public static MultiVector Read(JsonElement value, string path)
    {
        if (value.Find("indices") is not null)
        {
            throw QdrantJson.Unsupported(path, "a sparse vector");
        }

        if (value.Find("text") is not null || value.Find("image") is not null || value.Find("object") is not null)
        {
            throw QdrantJson.Unsupported(path, "inference of stored vectors");
        }

        if (!IsVector(value))
        {
            throw RequestException.Invalid(path, $"{path} is {QdrantJson.Show(value)}; it must be a list of numbers, or of such lists.");
        }

        bool isMany = value[0].ValueKind == JsonValueKind.Array;
        float[][] rows = isMany
            ? [.. value.EnumerateArray().Select((row, i) => ReadRow(row, $"{path}[{i}]"))]
            : [ReadRow(value, path)];
        return rows.All(row => row.Length == rows[0].Length)
            ? new MultiVector(rows[0].Length, [.. rows.SelectMany(row => row)])
            : throw RequestException.Invalid(path, $"{path} has vectors of different lengths.");
    }

    public static object Write(MultiVector rows, bool isMany) => isMany
        ? Enumerable.Range(0, rows.RowCount).Select(row => rows.Row(row).ToArray()).ToArray()
        : rows.Row(0).ToArray();

    private static float[] ReadRow(JsonElement row, string path)
    {
        if (row.ValueKind != JsonValueKind.Array || row.GetArrayLength() == 0)
        {
            throw RequestException.Invalid(path, $"{path} is {QdrantJson.Show(row)}; it must be a list of numbers.");
        }

        float[] values = new float[row.GetArrayLength()];
        int i = 0;
        foreach (JsonElement element in row.EnumerateArray())
        {
            values[i] = element.ValueKind == JsonValueKind.Number && element.TryGetSingle(out float value) && float.IsFinite(value)
                ? value
                : throw RequestException.Invalid(
                    $"{path}[{i}]", $"{path}[{i}] is {QdrantJson.Show(element)}; it must be a number of float32.");
            i++;
        }

        return values;
    }
}
