using System.Buffers.Binary;
using System.Text.Json;

namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>Reads vectors out of an answer: <c>data</c> holds one entry per input with <c>index</c> and <c>embedding</c>,
/// <c>embeddings</c> or <c>data</c>, as numbers or as base64 of float32.</summary>
internal static class RemoteAnswer
{
    private static readonly string[] Keys = ["embedding", "embeddings", "data"];

    /// <summary>The rows of each input, [rows × d], in the order of the inputs.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="description">What it should be.</param>
    /// <param name="count">Number of inputs.</param>
    /// <exception cref="RemoteDimensionException">A row has another length than is declared.</exception>
    /// <exception cref="RemoteEncoderException">The answer is something else.</exception>
    public static float[][] Read(byte[] body, RemoteDescription description, int count)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Array)
            {
                throw Unusable(description, $"the answer has no array data: {Words(body)}");
            }

            if (data.GetArrayLength() != count)
            {
                throw Unusable(
                    description, FormattableString.Invariant($"it answers {data.GetArrayLength()} of {count} inputs."));
            }

            float[]?[] rows = new float[]?[count];
            int position = 0;
            foreach (JsonElement entry in data.EnumerateArray())
            {
                int index = entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("index", out JsonElement number)
                    ? number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out int found) ? found : -1
                    : position;
                if (index < 0 || index >= count || rows[index] is not null)
                {
                    throw Unusable(description, $"the index of entry {position} is none or stands twice.");
                }

                rows[index] = ReadRows(entry, description);
                position++;
            }

            return rows!;
        }
        catch (JsonException error)
        {
            throw Unusable(description, $"the answer is no JSON ({error.Message}): {Words(body)}", error);
        }
    }

    private static float[] ReadRows(JsonElement entry, RemoteDescription description)
    {
        JsonElement vectors = default;
        bool isThere = entry.ValueKind == JsonValueKind.Object && Keys.Any(key => entry.TryGetProperty(key, out vectors));
        List<float> values = [];
        switch (isThere ? vectors.ValueKind : JsonValueKind.Undefined)
        {
            case JsonValueKind.String:
                values.AddRange(Decode(vectors, description));
                if (!description.IsMultiVector || values.Count % description.Dimension != 0)
                {
                    // Base64 of several rows does not say how long one is.
                    CheckLength(values.Count, description);
                }

                break;
            case JsonValueKind.Array when vectors.GetArrayLength() > 0 && vectors[0].ValueKind != JsonValueKind.Number:
                foreach (JsonElement row in vectors.EnumerateArray())
                {
                    float[] read = row.ValueKind == JsonValueKind.String ? Decode(row, description) : Numbers(row, description);
                    CheckLength(read.Length, description);
                    values.AddRange(read);
                }

                break;
            case JsonValueKind.Array:
                float[] only = Numbers(vectors, description);
                CheckLength(only.Length, description);
                values.AddRange(only);
                break;
            default:
                throw Unusable(description, $"an entry has none of {string.Join(", ", Keys)}.");
        }

        if (!description.IsMultiVector && values.Count != description.Dimension)
        {
            throw Unusable(
                description,
                FormattableString.Invariant($"an input has {values.Count / description.Dimension} vectors, and multiVector is false."));
        }

        return values.TrueForAll(float.IsFinite)
            ? [.. values]
            : throw Unusable(description, "a vector has a value that is not finite.");
    }

    private static float[] Numbers(JsonElement array, RemoteDescription description)
    {
        if (array.ValueKind != JsonValueKind.Array)
        {
            throw Unusable(description, "a vector is neither an array of numbers nor base64.");
        }

        float[] values = new float[array.GetArrayLength()];
        int at = 0;
        foreach (JsonElement number in array.EnumerateArray())
        {
            values[at++] = number.ValueKind == JsonValueKind.Number && number.TryGetSingle(out float value)
                ? value
                : throw Unusable(description, "a vector has a value that is no number.");
        }

        return values;
    }

    private static float[] Decode(JsonElement text, RemoteDescription description)
    {
        if (!text.TryGetBytesFromBase64(out byte[]? bytes) || bytes.Length % sizeof(float) != 0)
        {
            throw Unusable(description, "a vector is no base64 of float32 values.");
        }

        float[] values = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
        }

        return values;
    }

    private static void CheckLength(int length, RemoteDescription description)
    {
        if (length != description.Dimension)
        {
            throw new RemoteDimensionException(description.ShownEndpoint, description.Dimension, length);
        }
    }

    private static string Words(byte[] body) => Http.HttpBodies.ToWords(body);

    private static RemoteEncoderException Unusable(RemoteDescription description, string reason, Exception? inner = null) =>
        new(description.ShownEndpoint, reason, innerException: inner);
}
