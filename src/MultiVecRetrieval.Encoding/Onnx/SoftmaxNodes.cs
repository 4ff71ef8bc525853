namespace MultiVecRetrieval.Encoding.Onnx;

/// <summary>The Softmax nodes of a graph, in its order, read without its weights.</summary>
internal static class SoftmaxNodes
{
    /// <summary>Name and result of each.</summary>
    /// <exception cref="InvalidDataException">The file is no ONNX model.</exception>
    public static IReadOnlyList<(string Name, string Result)> Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        ProtobufStream reader = new(file);
        List<(string, string)> found = [];

        // Field numbers are those of onnx.proto: ModelProto.graph = 7, GraphProto.node = 1.
        while (reader.TryReadField(reader.Length, out int field, out int wireType))
        {
            if (field != 7 || wireType != ProtobufStream.LengthDelimited)
            {
                reader.Skip(wireType);
                continue;
            }

            long end = reader.ReadMessageEnd();
            while (reader.TryReadField(end, out int graphField, out int graphWireType))
            {
                if (graphField == 1)
                {
                    ReadNode(reader, reader.ReadMessageEnd(), found);
                }
                else
                {
                    reader.Skip(graphWireType);
                }
            }
        }

        return found;
    }

    // NodeProto: output = 2, name = 3, op_type = 4.
    private static void ReadNode(ProtobufStream reader, long end, List<(string Name, string Result)> found)
    {
        (string name, string result, string type) = ("", "", "");
        while (reader.TryReadField(end, out int field, out int wireType))
        {
            switch (field)
            {
                case 2: result = reader.ReadText(); break;
                case 3: name = reader.ReadText(); break;
                case 4: type = reader.ReadText(); break;
                default: reader.Skip(wireType); break;
            }
        }

        if (type == "Softmax")
        {
            found.Add((name, result));
        }
    }
}
