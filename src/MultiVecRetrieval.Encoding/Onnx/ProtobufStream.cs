namespace MultiVecRetrieval.Encoding.Onnx;

/// <summary>Walks the fields of a protobuf message in a seekable stream; what is not asked for is skipped, not read.</summary>
/// <remarks>Wire format: https://protobuf.dev/programming-guides/encoding. Lengths are checked against the enclosing message.</remarks>
internal sealed class ProtobufStream(Stream stream)
{
    /// <summary>Wire type of a number of variable length.</summary>
    public const int VarInt = 0;

    /// <summary>Wire type of bytes, text and sub-messages.</summary>
    public const int LengthDelimited = 2;

    private const int MaxTextLength = 1 << 20;

    public long Length => stream.Length;

    public long Position => stream.Position;

    /// <summary>Reads the next field's header; false at the end of the message.</summary>
    /// <exception cref="InvalidDataException">The bytes are no protobuf message.</exception>
    public bool TryReadField(long messageEnd, out int field, out int wireType)
    {
        field = wireType = 0;
        if (stream.Position == messageEnd)
        {
            return false;
        }

        ulong tag = ReadVarInt();
        field = (int)(tag >> 3);
        wireType = (int)(tag & 7);
        return stream.Position <= messageEnd && field > 0
            ? true
            : throw new InvalidDataException($"no protobuf field at byte {stream.Position}");
    }

    /// <summary>Reads the length of a sub-message and returns the position of its end.</summary>
    public long ReadMessageEnd()
    {
        ulong length = ReadVarInt();
        return length <= (ulong)(stream.Length - stream.Position)
            ? stream.Position + (long)length
            : throw new InvalidDataException($"{length} bytes announced at byte {stream.Position} of a file of {stream.Length}");
    }

    public string ReadText()
    {
        long end = ReadMessageEnd();
        if (end - stream.Position > MaxTextLength)
        {
            throw new InvalidDataException($"a name of {end - stream.Position} bytes at byte {stream.Position}");
        }

        byte[] bytes = new byte[end - stream.Position];
        stream.ReadExactly(bytes);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    public ulong ReadVarInt()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = stream.ReadByte();
            if (next < 0)
            {
                throw new InvalidDataException($"the file ends within a field at byte {stream.Position}");
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException($"a number longer than 10 bytes at byte {stream.Position}");
    }

    /// <summary>Skips the value of a field.</summary>
    public void Skip(int wireType)
    {
        switch (wireType)
        {
            case VarInt: ReadVarInt(); break;
            case 1: Seek(stream.Position + 8); break;
            case LengthDelimited: Seek(ReadMessageEnd()); break;
            case 5: Seek(stream.Position + 4); break;
            default: throw new InvalidDataException($"wire type {wireType} at byte {stream.Position}");
        }
    }

    private void Seek(long position) => stream.Position = position <= stream.Length
        ? position
        : throw new InvalidDataException($"a field reaches beyond the file of {stream.Length} bytes");
}
