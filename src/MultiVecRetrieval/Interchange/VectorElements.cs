using System.Buffers.Binary;

namespace MultiVecRetrieval.Interchange;

/// <summary>Sizes and conversion of <see cref="VectorElement"/>.</summary>
internal static class VectorElements
{
    public static int SizeOf(VectorElement element) => element switch
    {
        VectorElement.Float64 => 8,
        VectorElement.Float32 => 4,
        _ => 2,
    };

    /// <summary>Converts [values] of <paramref name="bytes"/>.</summary>
    public static void Convert(VectorElement element, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        int size = SizeOf(element);
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> value = bytes.Slice(i * size, size);
            values[i] = element switch
            {
                VectorElement.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(value),
                VectorElement.BFloat16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(value) << 16),
                VectorElement.Float32 => BinaryPrimitives.ReadSingleLittleEndian(value),
                _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(value),
            };
        }
    }
}
