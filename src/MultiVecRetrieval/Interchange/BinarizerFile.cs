using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval;

/// <summary>A trained binariser in a file (<c>.mvrb</c>, described in docs/format.md), to be kept and moved between collections.</summary>
public static class BinarizerFile
{
    private const int Version = 1;
    private const int HeaderSize = 64;
    private const int HeaderCrcOffset = 60;
    private const int MaxSpecSize = 1_024;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static ReadOnlySpan<byte> Magic => "MVRB"u8;

    /// <summary>Writes a file, or replaces one: a reader sees the old or the new one whole.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, BinarizerTraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        byte[] spec = Encoding.UTF8.GetBytes(training.Codec.Spec.ToString());
        byte[] parameters = training.Codec.WriteParameters();
        byte[] report = JsonSerializer.SerializeToUtf8Bytes(training.Report, Json);
        byte[] bytes = new byte[HeaderSize + spec.Length + parameters.Length + report.Length];
        spec.CopyTo(bytes, HeaderSize);
        parameters.CopyTo(bytes, HeaderSize + spec.Length);
        report.CopyTo(bytes, HeaderSize + spec.Length + parameters.Length);
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), training.Codec.Dimension);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), spec.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), parameters.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), report.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(32), Crc32C.Compute(bytes.AsSpan(HeaderSize)));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(HeaderCrcOffset), Crc32C.Compute(bytes.AsSpan(0, HeaderCrcOffset)));

        string temporary = path + ".new";
        using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="CorruptSegmentException">It is damaged, or no binariser.</exception>
    /// <exception cref="UnsupportedFormatException">A later version wrote it.</exception>
    public static BinarizerTraining Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < HeaderSize || !bytes.AsSpan(0, 4).SequenceEqual(Magic))
        {
            throw new CorruptSegmentException(path, 0, "magic MVRB", Convert.ToHexString(bytes.AsSpan(0, Math.Min(4, bytes.Length))));
        }

        uint headerCrc = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(HeaderCrcOffset));
        uint actualCrc = Crc32C.Compute(bytes.AsSpan(0, HeaderCrcOffset));
        if (actualCrc != headerCrc)
        {
            throw new CorruptSegmentException(path, HeaderCrcOffset, $"checksum {headerCrc:X8}", $"{actualCrc:X8}");
        }

        int version = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(4));
        if (version != Version)
        {
            throw new UnsupportedFormatException(path, version, Version);
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8));
        int dimension = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(16));
        int specSize = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(20));
        int parameterSize = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(24));
        int reportSize = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(28));
        if (length != bytes.Length || specSize is < 1 or > MaxSpecSize || parameterSize < 0 || reportSize < 0
            || (long)HeaderSize + specSize + parameterSize + reportSize != length)
        {
            throw new CorruptSegmentException(path, 8, $"a length of {bytes.Length} bytes in parts that add up",
                $"{length}: {specSize}, {parameterSize}, {reportSize}");
        }

        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(32));
        uint actual = Crc32C.Compute(bytes.AsSpan(HeaderSize));
        if (actual != crc)
        {
            throw new CorruptSegmentException(path, HeaderSize, $"checksum {crc:X8}", $"{actual:X8}");
        }

        return Parse(path, dimension, bytes.AsSpan(HeaderSize, specSize), bytes.AsSpan(HeaderSize + specSize, parameterSize),
            bytes.AsSpan((int)length - reportSize));
    }

    // The checksums held: what is wrong below was written so.
    private static BinarizerTraining Parse(string path, int dimension, ReadOnlySpan<byte> spec, ReadOnlySpan<byte> parameters,
        ReadOnlySpan<byte> report)
    {
        try
        {
            CodecSpec parsed = CodecSpec.Parse(Encoding.UTF8.GetString(spec));
            return Codecs.FindFamily(parsed).Read(parsed, dimension, parameters) is BebrCodec codec
                ? new BinarizerTraining(codec, JsonSerializer.Deserialize<BinarizerReport>(report, Json)!)
                : throw new InvalidDataException($"'{parsed}' is no binariser");
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException or JsonException)
        {
            throw new CorruptSegmentException(path, HeaderSize, "a binariser", exception.Message);
        }
    }
}
