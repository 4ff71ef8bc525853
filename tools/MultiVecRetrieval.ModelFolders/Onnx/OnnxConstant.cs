using System.Runtime.InteropServices;

namespace MultiVecRetrieval.ModelFolders.Onnx;

/// <summary>A constant of a graph. Field numbers are those of TensorProto (onnx.proto).</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Shape">One length per axis.</param>
/// <param name="Type">TensorProto.DataType.</param>
/// <param name="Bytes">The values, little-endian, row-major.</param>
internal sealed record OnnxConstant(string Name, IReadOnlyList<long> Shape, int Type, ReadOnlyMemory<byte> Bytes)
{
    public const int Float = 1;
    public const int Int8 = 3;
    public const int Int64 = 7;

    private const int ShapeField = 1;
    private const int TypeField = 2;
    private const int FloatsField = 4;
    private const int NameField = 8;
    private const int RawField = 9;

    public static OnnxConstant Of(string name, long[] shape, ReadOnlySpan<float> values) =>
        new(name, shape, Float, MemoryMarshal.AsBytes(values).ToArray());

    public static OnnxConstant Of(string name, long[] shape, ReadOnlySpan<sbyte> values) =>
        new(name, shape, Int8, MemoryMarshal.AsBytes(values).ToArray());

    public static OnnxConstant Of(string name, params long[] values) =>
        new(name, [values.Length], Int64, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    /// <summary>The values of a constant of type float.</summary>
    /// <exception cref="InvalidDataException">It has another type, or not as many values as its shape says.</exception>
    public ReadOnlySpan<float> Floats => Type == Float && Bytes.Length == Shape.Aggregate(4L, (product, length) => product * length)
        ? MemoryMarshal.Cast<byte, float>(Bytes.Span)
        : throw new InvalidDataException($"{Name} holds {Bytes.Length} bytes of type {Type}, expected floats of [{string.Join(", ", Shape)}].");

    public static OnnxConstant Read(ReadOnlyMemory<byte> message)
    {
        List<ProtobufField> fields = ProtobufMessage.Read(message);
        return new OnnxConstant(
            fields.First(field => field.Number == NameField).Text,
            [.. fields.Where(field => field.Number == ShapeField).SelectMany(ProtobufMessage.ReadNumbers)],
            (int)fields.First(field => field.Number == TypeField).Value,

            // Floats are either packed in a field of their own or raw; both are the same bytes.
            fields.FirstOrDefault(field => field.Number is RawField or FloatsField) is { Number: > 0 } values
                ? values.Bytes
                : throw new InvalidDataException("A constant keeps its values in a way that is not supported."));
    }

    /// <summary>The name alone, of a constant of any type.</summary>
    public static string ReadName(ReadOnlyMemory<byte> message) =>
        ProtobufMessage.Read(message).First(field => field.Number == NameField).Text;

    public byte[] Write() => ProtobufMessage.Write(
    [
        .. Shape.Select(length => ProtobufField.Of(ShapeField, length)),
        ProtobufField.Of(TypeField, Type),
        ProtobufField.Of(NameField, Name),
        ProtobufField.Of(RawField, Bytes),
    ]);
}
