using System.Buffers.Binary;
using System.Text.Json;

namespace MultiVecRetrieval.Interchange;

/// <summary>Reads the head of a safetensors file: named tensors, [rows, d] or [d].</summary>
/// <remarks>Format: 8 bytes with the length of the head, the head as JSON, the bytes of the tensors. The key <c>__metadata__</c> is no
/// tensor.</remarks>
internal static class SafetensorsHeader
{
    private const int LengthBytes = 8;
    private const long LargestHead = 100_000_000;

    /// <summary>The tensors, in the order of their bytes; the name of each is its key.</summary>
    /// <exception cref="VectorFormatException">The file is damaged, or a tensor is of another kind.</exception>
    public static IReadOnlyList<VectorBlock> Read(FileStream file)
    {
        Span<byte> number = stackalloc byte[LengthBytes];
        if (file.ReadAtLeast(number, number.Length, throwOnEndOfStream: false) < number.Length)
        {
            throw new VectorFormatException(file.Name, "it ends within its head.");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(number);
        if (length > LargestHead || (long)length > file.Length - LengthBytes)
        {
            throw new VectorFormatException(file.Name, $"its head says {length} bytes, the file has {file.Length}.");
        }

        byte[] head = new byte[length];
        file.ReadExactly(head);
        try
        {
            using JsonDocument document = JsonDocument.Parse(head);
            return [.. document.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__")
                .Select(tensor => ReadTensor(file, tensor, LengthBytes + (long)length)).OrderBy(block => block.Offset)];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new VectorFormatException(file.Name, $"its head is no list of tensors: {error.Message}");
        }
    }

    private static VectorBlock ReadTensor(FileStream file, JsonProperty tensor, long start)
    {
        string type = tensor.Value.GetProperty("dtype").GetString() ?? "";
        long[] shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64())];
        long[] offsets = [.. tensor.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        VectorElement element = type switch
        {
            "F16" => VectorElement.Float16,
            "BF16" => VectorElement.BFloat16,
            "F32" => VectorElement.Float32,
            "F64" => VectorElement.Float64,
            _ => throw new VectorFormatException(file.Name, $"the values of '{tensor.Name}' are {type}; F16, BF16, F32 and F64 are read."),
        };
        if (shape is not ([> 0] or [>= 0, > 0]) || shape[^1] > int.MaxValue || shape[0] > file.Length || offsets.Length != 2)
        {
            throw new VectorFormatException(
                file.Name, $"the shape of '{tensor.Name}' is [{string.Join(", ", shape)}]; one axis of values, or rows and values, are read.");
        }

        VectorBlock block = new(tensor.Name, start + offsets[0], shape.Length == 2 ? shape[0] : 1, (int)shape[^1], element);
        return offsets[0] >= 0 && offsets[1] - offsets[0] == block.SizeInBytes && block.SizeInBytes >= 0
            ? block
            : throw new VectorFormatException(
                file.Name, $"'{tensor.Name}' takes {block.SizeInBytes} bytes, its offsets are {string.Join(" and ", offsets)}.");
    }
}
