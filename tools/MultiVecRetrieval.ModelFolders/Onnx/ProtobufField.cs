namespace MultiVecRetrieval.ModelFolders.Onnx;

/// <summary>One field of a protobuf message, as it was read or is to be written.</summary>
/// <remarks>Wire format: https://protobuf.dev/programming-guides/encoding.</remarks>
/// <param name="Number">Field number of the message's schema.</param>
/// <param name="WireType">0 a number, 1 eight bytes, 2 bytes with their length, 5 four bytes.</param>
/// <param name="Value">The number, for wire type 0.</param>
/// <param name="Bytes">The bytes, for the other wire types.</param>
internal readonly record struct ProtobufField(int Number, int WireType, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public const int VarInt = 0;
    public const int LengthDelimited = 2;

    public static ProtobufField Of(int number, long value) => new(number, VarInt, unchecked((ulong)value), default);

    public static ProtobufField Of(int number, ReadOnlyMemory<byte> bytes) => new(number, LengthDelimited, 0, bytes);

    public static ProtobufField Of(int number, string text) => Of(number, System.Text.Encoding.UTF8.GetBytes(text));

    public string Text => System.Text.Encoding.UTF8.GetString(Bytes.Span);
}
