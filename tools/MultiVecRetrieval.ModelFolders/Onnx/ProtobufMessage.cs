namespace MultiVecRetrieval.ModelFolders.Onnx;

/// <summary>Reads and writes the fields of a protobuf message, in their order; what is not understood is kept as it is.</summary>
internal static class ProtobufMessage
{
    /// <summary>The fields of a message; their bytes are parts of <paramref name="message"/>, not copies.</summary>
    /// <exception cref="InvalidDataException">The bytes are no protobuf message.</exception>
    public static List<ProtobufField> Read(ReadOnlyMemory<byte> message)
    {
        List<ProtobufField> fields = [];
        int position = 0;
        while (position < message.Length)
        {
            ulong tag = ReadVarInt(message.Span, ref position);
            (int number, int wireType) = ((int)(tag >> 3), (int)(tag & 7));
            ulong value = wireType is ProtobufField.VarInt or ProtobufField.LengthDelimited ? ReadVarInt(message.Span, ref position) : 0;
            int length = wireType switch
            {
                ProtobufField.VarInt => 0,
                1 => 8,
                5 => 4,
                ProtobufField.LengthDelimited when value <= (ulong)(message.Length - position) => (int)value,
                _ => throw new InvalidDataException($"Byte {position} of {message.Length} begins no protobuf field."),
            };
            if (number == 0 || length > message.Length - position)
            {
                throw new InvalidDataException($"Byte {position} of {message.Length} begins no protobuf field.");
            }

            fields.Add(new ProtobufField(number, wireType, wireType == ProtobufField.VarInt ? value : 0, message.Slice(position, length)));
            position += length;
        }

        return fields;
    }

    /// <summary>The message of <paramref name="fields"/>.</summary>
    public static byte[] Write(IEnumerable<ProtobufField> fields)
    {
        using MemoryStream stream = new();
        foreach (ProtobufField field in fields)
        {
            WriteVarInt(stream, ((ulong)field.Number << 3) | (uint)field.WireType);
            if (field.WireType is ProtobufField.VarInt or ProtobufField.LengthDelimited)
            {
                WriteVarInt(stream, field.WireType == ProtobufField.VarInt ? field.Value : (ulong)field.Bytes.Length);
            }

            stream.Write(field.Bytes.Span);
        }

        return stream.ToArray();
    }

    /// <summary>Numbers of a repeated field, packed into one run of bytes or written one by one.</summary>
    public static IEnumerable<long> ReadNumbers(ProtobufField field)
    {
        if (field.WireType == ProtobufField.VarInt)
        {
            return [unchecked((long)field.Value)];
        }

        List<long> numbers = [];
        for (int position = 0; position < field.Bytes.Length;)
        {
            numbers.Add(unchecked((long)ReadVarInt(field.Bytes.Span, ref position)));
        }

        return numbers;
    }

    private static ulong ReadVarInt(ReadOnlySpan<byte> bytes, ref int position)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && position < bytes.Length; shift += 7)
        {
            byte next = bytes[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"The number before byte {position} of {bytes.Length} does not end.");
    }

    private static void WriteVarInt(MemoryStream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            stream.WriteByte((byte)(value | 0x80));
        }

        stream.WriteByte((byte)value);
    }
}
