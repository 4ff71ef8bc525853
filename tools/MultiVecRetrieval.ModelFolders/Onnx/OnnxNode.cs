namespace MultiVecRetrieval.ModelFolders.Onnx;

/// <summary>One operation of a graph. Field numbers are those of NodeProto and AttributeProto (onnx.proto).</summary>
internal sealed record OnnxNode
{
    private const int InputField = 1;
    private const int OutputField = 2;
    private const int NameField = 3;
    private const int OperatorField = 4;
    private const int AttributeField = 5;
    private const int DomainField = 7;
    private const int AttributeName = 1;

    public required string Operator { get; init; }

    public required IReadOnlyList<string> Inputs { get; init; }

    public required IReadOnlyList<string> Outputs { get; init; }

    public string Name { get; init; } = "";

    /// <summary>The operator set; empty for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Attributes by name, each a message AttributeProto.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Attributes { get; init; } =
        new Dictionary<string, ReadOnlyMemory<byte>>();

    public static OnnxNode Create(
        string operation, IReadOnlyList<string> inputs, string output, params ProtobufField[][] attributes) => new()
        {
            Operator = operation,
            Inputs = inputs,
            Outputs = [output],
            Name = output,
            Attributes = attributes.ToDictionary(
            fields => fields[0].Text, fields => (ReadOnlyMemory<byte>)ProtobufMessage.Write(fields)),
        };

    /// <summary>An attribute that holds a number.</summary>
    public static ProtobufField[] Attribute(string name, long value) =>
        [ProtobufField.Of(AttributeName, name), ProtobufField.Of(3, value), ProtobufField.Of(20, 2)];

    /// <summary>An attribute that holds numbers.</summary>
    public static ProtobufField[] Attribute(string name, params long[] values) =>
        [ProtobufField.Of(AttributeName, name), .. values.Select(value => ProtobufField.Of(8, value)), ProtobufField.Of(20, 7)];

    public static OnnxNode Read(ReadOnlyMemory<byte> message)
    {
        List<ProtobufField> fields = ProtobufMessage.Read(message);
        string Text(int number) => fields.LastOrDefault(field => field.Number == number) is { Number: > 0 } found ? found.Text : "";
        return new OnnxNode
        {
            Operator = Text(OperatorField),
            Name = Text(NameField),
            Domain = Text(DomainField),
            Inputs = [.. fields.Where(field => field.Number == InputField).Select(field => field.Text)],
            Outputs = [.. fields.Where(field => field.Number == OutputField).Select(field => field.Text)],
            Attributes = fields.Where(field => field.Number == AttributeField).ToDictionary(
                field => ProtobufMessage.Read(field.Bytes).First(inner => inner.Number == AttributeName).Text, field => field.Bytes),
        };
    }

    public byte[] Write() => ProtobufMessage.Write(
    [
        .. Inputs.Select(input => ProtobufField.Of(InputField, input)),
        .. Outputs.Select(output => ProtobufField.Of(OutputField, output)),
        ProtobufField.Of(NameField, Name),
        ProtobufField.Of(OperatorField, Operator),
        .. Attributes.Values.Select(attribute => ProtobufField.Of(AttributeField, attribute)),
        .. Domain.Length > 0 ? [ProtobufField.Of(DomainField, Domain)] : Array.Empty<ProtobufField>(),
    ]);
}
