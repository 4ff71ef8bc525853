using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>The stored layout of an entry's rows: blocks of 16 interleaved rows, then a tail of up to 8 rows as they are.</summary>
/// <remarks>
/// <para>Of r rows, ⌊r / 16⌋ blocks are full. The r mod 16 rows after them are the tail when they are 8 or fewer; 9 to 15 of them are one
/// more block, which repeats its last row: MaxSim takes a maximum over rows, so a repeated row changes nothing.</para>
/// <para>Little-endian, without gaps. A block of 16 rows, in which a kernel never adds across lanes:</para>
/// <para>Float32: [d][16] float32. Float16: [d][16] binary16.</para>
/// <para>Int8: [⌈d/4⌉][16][4] signed bytes in [-127, 127], zeros where d is no multiple of 4, then 16 float32 scales; a value is
/// code × scale of its row, and scale = max|value| / 127.</para>
/// <para>A tail of t rows: Float32 [t][d] float32, Float16 [t][d] binary16, Int8 [t][d] signed bytes, then t float32 scales.</para>
/// <para>No alignment is required; a block that starts on 64 bytes saves loads that touch two cache lines.</para>
/// </remarks>
public static class PackedRows
{
    /// <summary>Rows of a block, as many as a 512-bit vector has float32 lanes.</summary>
    internal const int BlockRowCount = 16;

    /// <summary>The most rows of a tail: up to half a block, so that padding never more than doubles what a few rows take.</summary>
    internal const int MaxTailRowCount = BlockRowCount / 2;

    /// <summary>Values of a row that Int8 keeps side by side: as many as fit a 32-bit lane.</summary>
    internal const int Int8GroupSize = 4;

    /// <summary>Bytes of the scales of a block of Int8, which follow its codes.</summary>
    internal const int Int8ScalesSize = BlockRowCount * sizeof(float);

    /// <summary>The largest magnitude of an Int8 code; -128 is not used, so that codes are symmetric.</summary>
    internal const int Int8MaxCode = 127;

    /// <summary>The largest d of <see cref="RowFormat.Int8"/>: the int32 sums of the kernel then stay far below overflow.</summary>
    internal const int Int8MaxDimension = 65_536;

    /// <summary>Bytes that <paramref name="rowCount"/> rows of <paramref name="dimension"/> values take in
    /// <paramref name="format"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The format is unknown, <paramref name="rowCount"/> negative, <paramref name="dimension"/> below 1 or, for Int8, above 65,536.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long GetSizeInBytes(RowFormat format, int rowCount, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        long blocks = checked(GetBlockCount(rowCount) * GetBlockSizeInBytes(format, dimension));
        return checked(blocks + (GetTailRowCount(rowCount) * GetTailRowSizeInBytes(format, dimension)));
    }

    /// <summary>Writes <paramref name="rows"/> into <paramref name="destination"/>.</summary>
    /// <param name="format">How to store the rows. Float16 rounds to nearest even; Int8 rounds to the nearest code.</param>
    /// <param name="rows">Rows of finite values; their length is free, scores are plain inner products.</param>
    /// <param name="destination">Exactly <see cref="GetSizeInBytes"/> bytes.</param>
    /// <exception cref="ArgumentException">
    /// The destination has another length, a value is NaN or infinite, or does not fit the format (beyond ±65,504 in Float16).
    /// </exception>
    public static void Pack(RowFormat format, MultiVectorView rows, Span<byte> destination)
    {
        CheckLength(format, destination.Length, rows.RowCount, rows.Dimension, nameof(destination));
        CheckValues(format, rows);
        int blockSize = (int)GetBlockSizeInBytes(format, rows.Dimension);
        int blockCount = (int)GetBlockCount(rows.RowCount);
        for (int index = 0; index < blockCount; index++)
        {
            int firstRow = index * BlockRowCount;
            Span<byte> block = destination.Slice(index * blockSize, blockSize);
            for (int lane = 0; lane < BlockRowCount; lane++)
            {
                ReadOnlySpan<float> row = rows.Row(Math.Min(firstRow + lane, rows.RowCount - 1));
                switch (format)
                {
                    case RowFormat.Float32:
                        PackFloat32(row, MemoryMarshal.Cast<byte, float>(block), lane);
                        break;
                    case RowFormat.Float16:
                        PackFloat16(row, MemoryMarshal.Cast<byte, Half>(block), lane);
                        break;
                    default:
                        PackInt8(row, block, lane);
                        break;
                }
            }
        }

        PackTail(format, rows, destination[(blockCount * blockSize)..]);
    }

    /// <summary>Restores rows from packed bytes, [rowCount × dimension] row-major.</summary>
    /// <remarks>Float32 returns the very values that were packed; Float16 and Int8 what is scored, the rounded values.</remarks>
    /// <exception cref="ArgumentException">The source or the destination has another length than the rows need.</exception>
    public static void Unpack(RowFormat format, ReadOnlySpan<byte> packed, int rowCount, int dimension, Span<float> destination)
    {
        CheckLength(format, packed.Length, rowCount, dimension, nameof(packed));
        if (destination.Length != (long)rowCount * dimension)
        {
            throw new ArgumentException(
                $"{rowCount} rows of d = {dimension} need {(long)rowCount * dimension} values, the destination has {destination.Length}.",
                nameof(destination));
        }

        int blockSize = (int)GetBlockSizeInBytes(format, dimension);
        int tailRowCount = GetTailRowCount(rowCount);
        for (int row = 0; row < rowCount - tailRowCount; row++)
        {
            ReadOnlySpan<byte> block = packed.Slice(row / BlockRowCount * blockSize, blockSize);
            UnpackRow(format, block, row % BlockRowCount, destination.Slice(row * dimension, dimension));
        }

        ReadOnlySpan<byte> tail = packed[((int)GetBlockCount(rowCount) * blockSize)..];
        UnpackTail(format, tail, tailRowCount, dimension, destination[((rowCount - tailRowCount) * dimension)..]);
    }

    /// <summary>The number of blocks of <paramref name="rowCount"/> rows; the last one may be padded.</summary>
    internal static long GetBlockCount(int rowCount) =>
        ((long)rowCount - GetTailRowCount(rowCount) + BlockRowCount - 1) / BlockRowCount;

    /// <summary>The number of rows after the blocks, in [0, 8].</summary>
    internal static int GetTailRowCount(int rowCount) =>
        rowCount % BlockRowCount <= MaxTailRowCount ? rowCount % BlockRowCount : 0;

    /// <summary>Bytes of a row of the tail, with its scale.</summary>
    internal static long GetTailRowSizeInBytes(RowFormat format, int dimension) => format switch
    {
        RowFormat.Float32 => (long)dimension * sizeof(float),
        RowFormat.Float16 => (long)dimension * 2,
        _ => (long)dimension + sizeof(float),
    };

    /// <summary>Bytes from one block to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static long GetBlockSizeInBytes(RowFormat format, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        switch (format)
        {
            case RowFormat.Float32:
                return (long)dimension * BlockRowCount * sizeof(float);
            case RowFormat.Float16:
                return (long)dimension * BlockRowCount * 2;
            case RowFormat.Int8:
                ArgumentOutOfRangeException.ThrowIfGreaterThan(dimension, Int8MaxDimension);
                return GetInt8CodesSizeInBytes(dimension) + Int8ScalesSize;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "Expected Float32, Float16 or Int8.");
        }
    }

    /// <summary>Bytes of a block of Int8 before its scales.</summary>
    internal static int GetInt8CodesSizeInBytes(int dimension) =>
        (dimension + Int8GroupSize - 1) / Int8GroupSize * Int8GroupSize * BlockRowCount;

    /// <summary>Throws unless <paramref name="length"/> is what the rows take.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void CheckLength(RowFormat format, int length, int rowCount, int dimension, string parameter)
    {
        long expected = GetSizeInBytes(format, rowCount, dimension);
        if (length != expected)
        {
            throw new ArgumentException(
                $"{rowCount} rows of d = {dimension} take {expected} bytes as {format}, {length} were given.", parameter);
        }
    }

    private static void CheckValues(RowFormat format, MultiVectorView rows)
    {
        if (rows.Values.IsEmpty)
        {
            return;
        }

        // NaN and infinities propagate into the largest magnitude, so one fast pass decides; the slow one finds the culprit.
        float limit = format == RowFormat.Float16 ? (float)Half.MaxValue : float.MaxValue;
        if (MathF.Abs(TensorPrimitives.MaxMagnitude(rows.Values)) <= limit)
        {
            return;
        }

        for (int i = 0; i < rows.Values.Length; i++)
        {
            float value = rows.Values[i];
            if (!(MathF.Abs(value) <= limit))
            {
                throw new ArgumentException(
                    $"Value {i % rows.Dimension} of row {i / rows.Dimension} is {value}; {format} holds values in [-{limit}, {limit}].",
                    nameof(rows));
            }
        }
    }

    private static void PackFloat32(ReadOnlySpan<float> row, Span<float> block, int lane)
    {
        for (int k = 0; k < row.Length; k++)
        {
            block[(k * BlockRowCount) + lane] = row[k];
        }
    }

    private static void PackFloat16(ReadOnlySpan<float> row, Span<Half> block, int lane)
    {
        for (int k = 0; k < row.Length; k++)
        {
            // A float32 just below 65,520 rounds to 65,504; CheckValues has refused everything beyond 65,504.
            block[(k * BlockRowCount) + lane] = (Half)row[k];
        }
    }

    private static void PackInt8(ReadOnlySpan<float> row, Span<byte> block, int lane)
    {
        int codesSize = GetInt8CodesSizeInBytes(row.Length);
        float scale = GetInt8Scale(row);
        for (int k = 0; k < codesSize / BlockRowCount; k++)
        {
            block[GetInt8Offset(k, lane)] = k < row.Length ? GetInt8Code(row[k], scale) : (byte)0;
        }

        MemoryMarshal.Cast<byte, float>(block[codesSize..])[lane] = scale;
    }

    private static void PackTail(RowFormat format, MultiVectorView rows, Span<byte> tail)
    {
        int tailRowCount = GetTailRowCount(rows.RowCount);
        int firstRow = rows.RowCount - tailRowCount;
        ReadOnlySpan<float> values = rows.Values[(firstRow * rows.Dimension)..];
        switch (format)
        {
            case RowFormat.Float32:
                values.CopyTo(MemoryMarshal.Cast<byte, float>(tail));
                break;
            case RowFormat.Float16:
                TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(tail));
                break;
            default:
                for (int row = 0; row < tailRowCount; row++)
                {
                    float scale = GetInt8Scale(rows.Row(firstRow + row));
                    for (int k = 0; k < rows.Dimension; k++)
                    {
                        tail[(row * rows.Dimension) + k] = GetInt8Code(values[(row * rows.Dimension) + k], scale);
                    }

                    BinaryPrimitives.WriteSingleLittleEndian(tail[((tailRowCount * rows.Dimension) + (row * sizeof(float)))..], scale);
                }

                break;
        }
    }

    private static void UnpackTail(RowFormat format, ReadOnlySpan<byte> tail, int tailRowCount, int dimension, Span<float> values)
    {
        switch (format)
        {
            case RowFormat.Float32:
                MemoryMarshal.Cast<byte, float>(tail).CopyTo(values);
                break;
            case RowFormat.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(tail), values);
                break;
            default:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (sbyte)tail[i] * GetInt8TailScale(tail, tailRowCount, dimension, i / dimension);
                }

                break;
        }
    }

    /// <summary>The scale of a row of an Int8 tail.</summary>
    internal static float GetInt8TailScale(ReadOnlySpan<byte> tail, int tailRowCount, int dimension, int row) =>
        BinaryPrimitives.ReadSingleLittleEndian(tail[((tailRowCount * dimension) + (row * sizeof(float)))..]);

    private static float GetInt8Scale(ReadOnlySpan<float> row) => MathF.Abs(TensorPrimitives.MaxMagnitude(row)) / Int8MaxCode;

    private static byte GetInt8Code(float value, float scale)
    {
        // A row of zeros has scale 0, and so has a row whose scale underflows: its codes are 0.
        float code = scale > 0 ? MathF.Round(value / scale) : 0;
        return (byte)(sbyte)Math.Clamp(code, -Int8MaxCode, Int8MaxCode);
    }

    /// <summary>Where value k of a row lies in a block of Int8.</summary>
    internal static int GetInt8Offset(int k, int lane) =>
        (((k / Int8GroupSize * BlockRowCount) + lane) * Int8GroupSize) + (k % Int8GroupSize);

    private static void UnpackRow(RowFormat format, ReadOnlySpan<byte> block, int lane, Span<float> row)
    {
        Debug.Assert(lane < BlockRowCount, "A block has 16 lanes.");
        switch (format)
        {
            case RowFormat.Float32:
                ReadOnlySpan<float> singles = MemoryMarshal.Cast<byte, float>(block);
                for (int k = 0; k < row.Length; k++)
                {
                    row[k] = singles[(k * BlockRowCount) + lane];
                }

                break;
            case RowFormat.Float16:
                ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(block);
                for (int k = 0; k < row.Length; k++)
                {
                    row[k] = (float)halves[(k * BlockRowCount) + lane];
                }

                break;
            default:
                float scale = MemoryMarshal.Cast<byte, float>(block[GetInt8CodesSizeInBytes(row.Length)..])[lane];
                for (int k = 0; k < row.Length; k++)
                {
                    row[k] = (sbyte)block[GetInt8Offset(k, lane)] * scale;
                }

                break;
        }
    }
}
