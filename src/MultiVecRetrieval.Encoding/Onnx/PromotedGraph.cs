namespace MultiVecRetrieval.Encoding.Onnx;

/// <summary>
/// A graph that gives out results of its inner nodes too. In protobuf a message that comes twice is merged, lists behind each other, so a
/// second graph with nothing but outputs, appended to the bytes of a model, adds them to the first.
/// </summary>
internal static class PromotedGraph
{
    /// <summary>The bytes of the model with the named values as further outputs; the runtime infers their types.</summary>
    public static byte[] Read(string path, IReadOnlyList<string> values)
    {
        // ModelProto.graph = 7, GraphProto.output = 12, ValueInfoProto.name = 1.
        byte[] graph = Field(7, [.. values.SelectMany(value => Field(12, Field(1, System.Text.Encoding.UTF8.GetBytes(value))))]);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (file.Length + graph.Length > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"its attention cannot be had: {Path.GetFileName(path)} has {file.Length} bytes; keep its weights in files beside it");
        }

        byte[] model = new byte[file.Length + graph.Length];
        file.ReadExactly(model.AsSpan(0, (int)file.Length));
        graph.CopyTo(model, file.Length);
        return model;
    }

    private static byte[] Field(int number, byte[] content)
    {
        List<byte> bytes = [(byte)((number << 3) | ProtobufStream.LengthDelimited)];
        uint length = (uint)content.Length;
        for (; length >= 0x80; length >>= 7)
        {
            bytes.Add((byte)(length | 0x80));
        }

        bytes.Add((byte)length);
        bytes.AddRange(content);
        return [.. bytes];
    }
}
