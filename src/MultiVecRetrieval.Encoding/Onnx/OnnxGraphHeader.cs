namespace MultiVecRetrieval.Encoding.Onnx;

/// <summary>Inputs, outputs and sidecar files of an ONNX graph, read from the file without loading its weights.</summary>
/// <param name="Path">The graph's file.</param>
/// <param name="Inputs">Declared inputs without the initializers that old exporters list among them.</param>
/// <param name="Outputs">Declared outputs.</param>
/// <param name="ExternalFiles">Full paths of the files that hold weights outside the graph, sorted.</param>
internal sealed record OnnxGraphHeader(
    string Path, IReadOnlyList<OnnxTensor> Inputs, IReadOnlyList<OnnxTensor> Outputs, IReadOnlyList<string> ExternalFiles)
{
    /// <summary>Results of inner nodes that become outputs when it is loaded; none by default.</summary>
    public IReadOnlyList<string> Promoted { get; init; } = [];

    /// <summary>The graph's file name, for messages.</summary>
    public string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>Reads the header. Field numbers are those of onnx.proto (ModelProto.graph = 7, GraphProto.input = 11, output =
    /// 12).</summary>
    /// <exception cref="InvalidDataException">The file is no ONNX model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxGraphHeader Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        ProtobufStream reader = new(file);
        Collected found = new();
        bool hasGraph = false;
        while (reader.TryReadField(reader.Length, out int field, out int wireType))
        {
            if (field == 7 && wireType == ProtobufStream.LengthDelimited)
            {
                hasGraph = true;
                ReadGraph(reader, reader.ReadMessageEnd(), found);
            }
            else
            {
                reader.Skip(wireType);
            }
        }

        if (!hasGraph || found.Outputs.Count == 0)
        {
            throw new InvalidDataException("it holds no graph with outputs");
        }

        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        return new OnnxGraphHeader(
            path,
            [.. found.Inputs.Where(input => !found.Initializers.Contains(input.Name))],
            found.Outputs,
            [.. found.ExternalFiles.Select(name => System.IO.Path.Combine(folder, name))]);
    }

    private static void ReadGraph(ProtobufStream reader, long end, Collected found)
    {
        while (reader.TryReadField(end, out int field, out int wireType))
        {
            switch (field)
            {
                case 5: ReadInitializer(reader, reader.ReadMessageEnd(), found); break;
                case 11: found.Inputs.Add(ReadValue(reader, reader.ReadMessageEnd())); break;
                case 12: found.Outputs.Add(ReadValue(reader, reader.ReadMessageEnd())); break;
                default: reader.Skip(wireType); break;
            }
        }
    }

    // TensorProto: name = 8, external_data = 13 (StringStringEntryProto: key = 1, value = 2).
    private static void ReadInitializer(ProtobufStream reader, long end, Collected found)
    {
        while (reader.TryReadField(end, out int field, out int wireType))
        {
            if (field == 8)
            {
                found.Initializers.Add(reader.ReadText());
            }
            else if (field == 13)
            {
                long entryEnd = reader.ReadMessageEnd();
                string key = "", value = "";
                while (reader.TryReadField(entryEnd, out int entryField, out int entryWireType))
                {
                    switch (entryField)
                    {
                        case 1: key = reader.ReadText(); break;
                        case 2: value = reader.ReadText(); break;
                        default: reader.Skip(entryWireType); break;
                    }
                }

                if (key == "location")
                {
                    found.ExternalFiles.Add(value);
                }
            }
            else
            {
                reader.Skip(wireType);
            }
        }
    }

    // ValueInfoProto: name = 1, type = 2; TypeProto: tensor_type = 1; Tensor: elem_type = 1, shape = 2; Dimension: dim_value = 1.
    private static OnnxTensor ReadValue(ProtobufStream reader, long end)
    {
        string name = "";
        OnnxTensorType type = OnnxTensorType.Undefined;
        List<long> shape = [];
        while (reader.TryReadField(end, out int field, out int wireType))
        {
            if (field == 1)
            {
                name = reader.ReadText();
            }
            else if (field == 2)
            {
                type = ReadType(reader, reader.ReadMessageEnd(), shape);
            }
            else
            {
                reader.Skip(wireType);
            }
        }

        return new OnnxTensor(name, type, shape);
    }

    private static OnnxTensorType ReadType(ProtobufStream reader, long end, List<long> shape)
    {
        OnnxTensorType type = OnnxTensorType.Undefined;
        while (reader.TryReadField(end, out int field, out int wireType))
        {
            if (field != 1)
            {
                reader.Skip(wireType);
                continue;
            }

            long tensorEnd = reader.ReadMessageEnd();
            while (reader.TryReadField(tensorEnd, out int tensorField, out int tensorWireType))
            {
                switch (tensorField)
                {
                    case 1: type = (OnnxTensorType)reader.ReadVarInt(); break;
                    case 2: ReadShape(reader, reader.ReadMessageEnd(), shape); break;
                    default: reader.Skip(tensorWireType); break;
                }
            }
        }

        return type;
    }

    private static void ReadShape(ProtobufStream reader, long end, List<long> shape)
    {
        while (reader.TryReadField(end, out int field, out int wireType))
        {
            if (field != 1)
            {
                reader.Skip(wireType);
                continue;
            }

            long length = -1;
            long dimensionEnd = reader.ReadMessageEnd();
            while (reader.TryReadField(dimensionEnd, out int dimensionField, out int dimensionWireType))
            {
                if (dimensionField == 1)
                {
                    length = (long)reader.ReadVarInt();
                }
                else
                {
                    reader.Skip(dimensionWireType);
                }
            }

            shape.Add(length <= 0 ? -1 : length);
        }
    }

    private sealed class Collected
    {
        public List<OnnxTensor> Inputs { get; } = [];

        public List<OnnxTensor> Outputs { get; } = [];

        public HashSet<string> Initializers { get; } = [];

        public SortedSet<string> ExternalFiles { get; } = new(StringComparer.Ordinal);
    }
}
