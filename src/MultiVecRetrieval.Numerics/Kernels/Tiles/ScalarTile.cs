using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>The definition of every tile kernel, in plain C#: one query row against a run of blocks.</summary>
/// <remarks>Float products are added in the order of k with one rounding each (fused), Int8 products in int32.</remarks>
internal static class ScalarTile
{
    /// <summary>Raises the 16 lanes of <paramref name="best"/> to the similarities of the blocks; a NaN raises nothing.</summary>
    public static void Fold(
        RowFormat format, ReadOnlySpan<byte> query, ReadOnlySpan<byte> blocks, int blockCount, int dimension, Span<float> best)
    {
        int blockSize = (int)PackedRows.GetBlockSizeInBytes(format, dimension);
        for (int index = 0; index < blockCount; index++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(index * blockSize, blockSize);
            for (int lane = 0; lane < PackedRows.BlockRowCount; lane++)
            {
                float similarity = format switch
                {
                    RowFormat.Float32 => DotFloat32(MemoryMarshal.Cast<byte, float>(query), MemoryMarshal.Cast<byte, float>(block), lane),
                    RowFormat.Float16 => DotFloat16(MemoryMarshal.Cast<byte, float>(query), MemoryMarshal.Cast<byte, Half>(block), lane),
                    _ => DotInt8(MemoryMarshal.Cast<byte, sbyte>(query), block, lane, dimension),
                };
                if (similarity > best[lane])
                {
                    best[lane] = similarity;
                }
            }
        }
    }

    private static float DotFloat32(ReadOnlySpan<float> query, ReadOnlySpan<float> block, int lane)
    {
        float sum = 0;
        for (int k = 0; k < query.Length; k++)
        {
            sum = MathF.FusedMultiplyAdd(block[(k * PackedRows.BlockRowCount) + lane], query[k], sum);
        }

        return sum;
    }

    private static float DotFloat16(ReadOnlySpan<float> query, ReadOnlySpan<Half> block, int lane)
    {
        float sum = 0;
        for (int k = 0; k < query.Length; k++)
        {
            sum = MathF.FusedMultiplyAdd((float)block[(k * PackedRows.BlockRowCount) + lane], query[k], sum);
        }

        return sum;
    }

    private static float DotInt8(ReadOnlySpan<sbyte> query, ReadOnlySpan<byte> block, int lane, int dimension)
    {
        int sum = 0;
        for (int k = 0; k < query.Length; k++)
        {
            int step = k / PackedRows.Int8GroupSize;
            int offset = (((step * PackedRows.BlockRowCount) + lane) * PackedRows.Int8GroupSize) + (k % PackedRows.Int8GroupSize);
            sum += query[k] * (sbyte)block[offset];
        }

        return sum * MemoryMarshal.Cast<byte, float>(block[PackedRows.GetInt8CodesSizeInBytes(dimension)..])[lane];
    }
}
