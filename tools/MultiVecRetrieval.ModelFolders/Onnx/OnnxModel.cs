namespace MultiVecRetrieval.ModelFolders.Onnx;

/// <summary>A graph that can be changed and written again. Field numbers are those of ModelProto and GraphProto (onnx.proto).</summary>
/// <remarks>Constants that are not touched are written as they were read, byte by byte.</remarks>
internal sealed class OnnxModel
{
    private const int VersionField = 1;
    private const int GraphField = 7;
    private const int OperatorSetField = 8;
    private const int NodeField = 1;
    private const int GraphNameField = 2;
    private const int ConstantField = 5;
    private const int InputField = 11;
    private const int OutputField = 12;

    // Version 7 of the format goes with operator set 13.
    private const int FormatVersion = 7;

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _constants = [];
    private readonly List<ReadOnlyMemory<byte>> _inputs = [];
    private readonly List<ReadOnlyMemory<byte>> _outputs = [];

    public OnnxModel(string name, long operatorSet) => (Name, OperatorSet) = (name, operatorSet);

    public string Name { get; }

    /// <summary>Version of ONNX's own operator set.</summary>
    public long OperatorSet { get; }

    /// <summary>Operations in an order in which each comes behind those that it needs.</summary>
    public List<OnnxNode> Nodes { get; } = [];

    public static OnnxModel Read(ReadOnlyMemory<byte> bytes)
    {
        List<ProtobufField> fields = ProtobufMessage.Read(bytes);
        List<ProtobufField> graph = ProtobufMessage.Read(fields.First(field => field.Number == GraphField).Bytes);
        OnnxModel model = new(graph.First(field => field.Number == GraphNameField).Text, ReadOperatorSet(fields));
        foreach (ProtobufField field in graph)
        {
            switch (field.Number)
            {
                case NodeField: model.Nodes.Add(OnnxNode.Read(field.Bytes)); break;
                case ConstantField: model._constants.Add(OnnxConstant.ReadName(field.Bytes), field.Bytes); break;
                case InputField: model._inputs.Add(field.Bytes); break;
                case OutputField: model._outputs.Add(field.Bytes); break;
                default: break;
            }
        }

        // Old graphs list constants among the inputs, too; they are no inputs of the one that is written.
        model._inputs.RemoveAll(input => model._constants.ContainsKey(NameOf(input)));
        return model;
    }

    public bool HasConstant(string name) => _constants.ContainsKey(name);

    public OnnxConstant GetConstant(string name) => OnnxConstant.Read(_constants[name]);

    public void Add(OnnxConstant constant) => _constants.Add(constant.Name, constant.Write());

    public void RemoveConstant(string name) => _constants.Remove(name);

    /// <summary>Takes the operations and constants of another graph; every name that it brings is put behind a prefix.</summary>
    /// <param name="other">The graph; of the same operator set.</param>
    /// <param name="prefix">Put before the names.</param>
    /// <param name="inputs">What its inputs are called here.</param>
    public void Append(OnnxModel other, string prefix, IReadOnlyDictionary<string, string> inputs)
    {
        string Rename(string name) => name.Length == 0 ? name : inputs.GetValueOrDefault(name) ?? prefix + name;
        foreach (string name in other._constants.Keys)
        {
            Add(other.GetConstant(name) with { Name = Rename(name) });
        }

        Nodes.AddRange(other.Nodes.Select(node => node with
        {
            Name = prefix + node.Outputs[0],
            Inputs = [.. node.Inputs.Select(Rename)],
            Outputs = [.. node.Outputs.Select(Rename)],
        }));
    }

    public void AddInput(string name, params long[] shape) => _inputs.Add(Describe(name, shape));

    public void ClearOutputs() => _outputs.Clear();

    /// <summary>Declares an output of floats.</summary>
    public void AddOutput(string name, params long[] shape) => _outputs.Add(Describe(name, shape));

    public byte[] Write()
    {
        byte[] graph = ProtobufMessage.Write(
        [
            .. Nodes.Select(node => ProtobufField.Of(NodeField, node.Write())),
            ProtobufField.Of(GraphNameField, Name),
            .. _constants.Values.Select(constant => ProtobufField.Of(ConstantField, constant)),
            .. _inputs.Select(input => ProtobufField.Of(InputField, input)),
            .. _outputs.Select(output => ProtobufField.Of(OutputField, output)),
        ]);
        return ProtobufMessage.Write(
        [
            ProtobufField.Of(VersionField, FormatVersion),
            ProtobufField.Of(GraphField, graph),
            .. OperatorSets().Select(set => ProtobufField.Of(OperatorSetField, set)),
        ]);
    }

    private IEnumerable<byte[]> OperatorSets()
    {
        yield return ProtobufMessage.Write([ProtobufField.Of(1, ""), ProtobufField.Of(2, OperatorSet)]);
        foreach (string domain in Nodes.Select(node => node.Domain).Where(domain => domain.Length > 0).Distinct(StringComparer.Ordinal))
        {
            yield return ProtobufMessage.Write([ProtobufField.Of(1, domain), ProtobufField.Of(2, 1)]);
        }
    }

    private static long ReadOperatorSet(List<ProtobufField> fields)
    {
        foreach (ProtobufField field in fields.Where(field => field.Number == OperatorSetField))
        {
            List<ProtobufField> set = ProtobufMessage.Read(field.Bytes);
            if (set.All(inner => inner.Number != 1 || inner.Bytes.IsEmpty))
            {
                return (long)set.First(inner => inner.Number == 2).Value;
            }
        }

        throw new InvalidDataException("The graph names no operator set of ONNX.");
    }

    private static string NameOf(ReadOnlyMemory<byte> value) => ProtobufMessage.Read(value).First(field => field.Number == 1).Text;

    // ValueInfoProto of a tensor of floats.
    private static byte[] Describe(string name, long[] shape)
    {
        byte[] dimensions = ProtobufMessage.Write(
            shape.Select(length => ProtobufField.Of(1, ProtobufMessage.Write([ProtobufField.Of(1, length)]))));
        byte[] tensor = ProtobufMessage.Write([ProtobufField.Of(1, OnnxConstant.Float), ProtobufField.Of(2, dimensions)]);
        return ProtobufMessage.Write(
            [ProtobufField.Of(1, name), ProtobufField.Of(2, ProtobufMessage.Write([ProtobufField.Of(1, tensor)]))]);
    }
}
