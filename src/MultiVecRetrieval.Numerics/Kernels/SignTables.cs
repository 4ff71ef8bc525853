using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>
/// Inner products of one query with blocks of 32 sign codes: Σ ±q_i for each, from tables of 16 bytes per 4 values that stay in
/// registers. The sums are the same at every instruction set.
/// </summary>
/// <remarks>
/// <para>A block: per 4 values 16 bytes; byte j holds the signs of code j in its low and of code j + 16 in its high nibble, bit i for
/// value i, 1 = positive. d is a multiple of 64.</para>
/// <para>Table entries are rounded to at most 31 steps, so that 8 of them add up in a byte (248), and all in 16 bits. At d = 512 that adds
/// 5 % of the error that signs alone make, in quadrature 0.1 %.</para>
/// <para>Source: André, Kermarrec and Le Scouarnec, Quicker ADC, arXiv:1812.09162, as FAISS' fast scan; sign codes as in RaBitQ,
/// arXiv:2405.12497.</para>
/// </remarks>
internal sealed class SignTables
{
    /// <summary>Codes of a block.</summary>
    public const int BlockCodeCount = 32;

    private const int GroupLength = 4;
    private const int MaxEntry = 31;
    private const int MaxAddendCount = byte.MaxValue / MaxEntry;

    private readonly byte[] _tables;
    private readonly int _maxEntry;

    public SignTables(int dimension)
    {
        Debug.Assert(dimension % 64 == 0, "Rows are padded to multiples of 64 values.");
        Dimension = dimension;
        _tables = GC.AllocateArray<byte>(dimension / GroupLength * 16, pinned: true);
        _maxEntry = Math.Min(MaxEntry, ushort.MaxValue / (dimension / GroupLength));
    }

    /// <summary>d, the number of signs of a code.</summary>
    public int Dimension { get; }

    /// <summary>Σ ±q_i is a sum of <see cref="Sum"/> × step − offset.</summary>
    public float Step { get; private set; }

    /// <inheritdoc cref="Step"/>
    public float Offset { get; private set; }

    /// <summary>Bytes of a block of codes of <paramref name="dimension"/> signs.</summary>
    public static int GetBlockLength(int dimension) => dimension / GroupLength * 16;

    /// <summary>Makes the tables of a query.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(ReadOnlySpan<float> query)
    {
        float largest = 0;
        float offset = 0;
        for (int i = 0; i < query.Length; i += GroupLength)
        {
            float sum = Math.Abs(query[i]) + Math.Abs(query[i + 1]) + Math.Abs(query[i + 2]) + Math.Abs(query[i + 3]);
            largest = Math.Max(largest, sum);
            offset += sum;
        }

        Step = 2 * largest / _maxEntry;
        Offset = offset;
        float factor = largest > 0 ? 1 / Step : 0;

        // ±q_i over the 16 combinations of signs; a product with ±1 is exact, so that fused and unfused additions agree.
        Vector512<float> sign0 = Vector512.Create(-1f, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1);
        Vector512<float> sign1 = Vector512.Create(-1f, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1, -1, -1, 1, 1);
        Vector512<float> sign2 = Vector512.Create(-1f, -1, -1, -1, 1, 1, 1, 1, -1, -1, -1, -1, 1, 1, 1, 1);
        Vector512<float> sign3 = Vector512.Create(-1f, -1, -1, -1, -1, -1, -1, -1, 1, 1, 1, 1, 1, 1, 1, 1);
        Vector512<int> limit = Vector512.Create(_maxEntry);
        for (int i = 0; i < query.Length; i += GroupLength)
        {
            float sum = Math.Abs(query[i]) + Math.Abs(query[i + 1]) + Math.Abs(query[i + 2]) + Math.Abs(query[i + 3]);
            Vector512<float> values = (sign0 * query[i]) + (sign1 * query[i + 1]) + (sign2 * query[i + 2]) + (sign3 * query[i + 3])
                + Vector512.Create(sum);
            Vector512<int> entries = Vector512.Min(Vector512.ConvertToInt32((values * factor) + Vector512.Create(0.5f)), limit);
            Vector256<ushort> words = Vector256.Narrow(entries.GetLower().AsUInt32(), entries.GetUpper().AsUInt32());
            Vector128.Narrow(words.GetLower(), words.GetUpper()).StoreUnsafe(ref _tables[i * GroupLength]);
        }
    }

    /// <summary>Packs the signs of code <paramref name="index"/> of a block; zeroed before.</summary>
    public static void Pack(ReadOnlySpan<float> values, int index, Span<byte> block)
    {
        int shift = index < 16 ? 0 : 4;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] >= 0)
            {
                block[(i / GroupLength * 16) + (index & 15)] |= (byte)(1 << (i % GroupLength + shift));
            }
        }
    }

    /// <summary>Adds up the table entries of the 32 codes of a block.</summary>
    /// <param name="block">The first byte of a block.</param>
    /// <param name="sums">32 sums.</param>
    public void Sum(ref byte block, Span<float> sums)
    {
        Debug.Assert(sums.Length == BlockCodeCount, "There is one sum for each code.");
        ref byte tables = ref MemoryMarshal.GetArrayDataReference(_tables);
        ref float target = ref MemoryMarshal.GetReference(sums);
        if (Avx512BW.IsSupported)
        {
            SumAvx512(ref tables, ref block, (nuint)_tables.Length, ref target);
        }
        else if (Avx2.IsSupported)
        {
            SumAvx2(ref tables, ref block, (nuint)_tables.Length, ref target);
        }
        else
        {
            SumScalar(_tables, ref block, sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumAvx512(ref byte tables, ref byte block, nuint length, ref float sums)
    {
        Vector512<byte> nibble = Vector512.Create((byte)15);
        Vector512<ushort> lowByte = Vector512.Create((ushort)255);
        Vector512<ushort> lowEven = default, lowOdd = default, highEven = default, highOdd = default;
        for (nuint start = 0; start < length; start += MaxAddendCount * 64)
        {
            Vector512<byte> low = default, high = default;
            nuint end = nuint.Min(length, start + (MaxAddendCount * 64));
            for (nuint i = start; i < end; i += 64)
            {
                Vector512<byte> table = Vector512.LoadUnsafe(ref tables, i);
                Vector512<byte> codes = Vector512.LoadUnsafe(ref block, i);
                low += Avx512BW.Shuffle(table, codes & nibble);
                high += Avx512BW.Shuffle(table, (codes.AsUInt16() >> 4).AsByte() & nibble);
            }

            lowEven += low.AsUInt16() & lowByte;
            lowOdd += low.AsUInt16() >> 8;
            highEven += high.AsUInt16() & lowByte;
            highOdd += high.AsUInt16() >> 8;
        }

        Store(lowEven.GetLower() + lowEven.GetUpper(), lowOdd.GetLower() + lowOdd.GetUpper(), ref sums);
        Store(highEven.GetLower() + highEven.GetUpper(), highOdd.GetLower() + highOdd.GetUpper(), ref Unsafe.Add(ref sums, 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumAvx2(ref byte tables, ref byte block, nuint length, ref float sums)
    {
        Vector256<byte> nibble = Vector256.Create((byte)15);
        Vector256<ushort> lowByte = Vector256.Create((ushort)255);
        Vector256<ushort> lowEven = default, lowOdd = default, highEven = default, highOdd = default;
        for (nuint start = 0; start < length; start += MaxAddendCount * 32)
        {
            Vector256<byte> low = default, high = default;
            nuint end = nuint.Min(length, start + (MaxAddendCount * 32));
            for (nuint i = start; i < end; i += 32)
            {
                Vector256<byte> table = Vector256.LoadUnsafe(ref tables, i);
                Vector256<byte> codes = Vector256.LoadUnsafe(ref block, i);
                low += Avx2.Shuffle(table, codes & nibble);
                high += Avx2.Shuffle(table, (codes.AsUInt16() >> 4).AsByte() & nibble);
            }

            lowEven += low.AsUInt16() & lowByte;
            lowOdd += low.AsUInt16() >> 8;
            highEven += high.AsUInt16() & lowByte;
            highOdd += high.AsUInt16() >> 8;
        }

        Store(lowEven, lowOdd, ref sums);
        Store(highEven, highOdd, ref Unsafe.Add(ref sums, 16));
    }

    // Even and odd codes of the two halves, added and put in order as float32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<ushort> even, Vector256<ushort> odd, ref float sums)
    {
        Vector128<ushort> evenSum = even.GetLower() + even.GetUpper();
        Vector128<ushort> oddSum = odd.GetLower() + odd.GetUpper();
        Vector256<int> first = Avx2.ConvertToVector256Int32(Sse2.UnpackLow(evenSum, oddSum));
        Vector256<int> second = Avx2.ConvertToVector256Int32(Sse2.UnpackHigh(evenSum, oddSum));
        Vector256.ConvertToSingle(first).StoreUnsafe(ref sums);
        Vector256.ConvertToSingle(second).StoreUnsafe(ref sums, 8);
    }

    private static void SumScalar(ReadOnlySpan<byte> tables, ref byte block, Span<float> sums)
    {
        for (int code = 0; code < BlockCodeCount; code++)
        {
            int sum = 0;
            for (int group = 0; group < tables.Length; group += 16)
            {
                int signs = Unsafe.Add(ref block, group + (code & 15)) >> (code < 16 ? 0 : 4);
                sum += tables[group + (signs & 15)];
            }

            sums[code] = sum;
        }
    }
}
