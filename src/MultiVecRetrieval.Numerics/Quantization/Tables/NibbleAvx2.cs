using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MultiVecRetrieval.Numerics.Kernels.Tiles;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>Table look-ups of 4-bit codes, one block at a time, with 256-bit vectors. 8 sums, 4 values, 3 more of 16 registers: at most 4
/// query rows.</summary>
/// <remarks>
/// VPSHUFB looks up within 128 bits, so codes are first sorted by table: a half of a vector then holds one code of 16 rows, and the table
/// of the other half follows in memory. One sum takes byte pairs as they are, modulo 2¹⁶, the other their upper bytes; what is left are the
/// lower ones.
/// </remarks>
internal readonly struct NibbleAvx2 : ITileShape<Two<Vector256<ushort>>, Four<Vector256<byte>>>
{
    public static int GroupSize => 1;

    public static int QueryStepSize => NibbleLayout.GroupCodeCount * NibbleLayout.CodeCount;

    public static int BlockStepSize => NibbleLayout.GroupSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector256<byte>> Load(ref byte source, nint blockSize)
    {
        // Bytes 0 of four rows, bytes 1, 2, 3, in each half; then a transposition of 32-bit lanes.
        Vector256<byte> order = Vector256.Create(
            (byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        Vector256<int> first = Avx2.Shuffle(Vector256.LoadUnsafe(ref source), order).AsInt32();
        Vector256<int> second = Avx2.Shuffle(Vector256.LoadUnsafe(ref source, (nuint)Vector256<byte>.Count), order).AsInt32();
        Vector256<int> pick = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        Vector256<long> rows0 = Avx2.PermuteVar8x32(first, pick).AsInt64();
        Vector256<long> rows8 = Avx2.PermuteVar8x32(second, pick).AsInt64();
        Vector256<byte> bytes02 = Avx2.UnpackLow(rows0, rows8).AsByte();
        Vector256<byte> bytes13 = Avx2.UnpackHigh(rows0, rows8).AsByte();
        Vector256<byte> bytes01 = Avx2.Permute2x128(bytes02, bytes13, 0x20);
        Vector256<byte> bytes23 = Avx2.Permute2x128(bytes02, bytes13, 0x31);
        Vector256<byte> mask = Vector256.Create((byte)0xF);
        Four<Vector256<byte>> values;
        values.A = bytes01 & mask;
        values.B = bytes23 & mask;
        values.C = Avx2.ShiftRightLogical(bytes01.AsUInt16(), 4).AsByte() & mask;
        values.D = Avx2.ShiftRightLogical(bytes23.AsUInt16(), 4).AsByte() & mask;
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<ushort>> MultiplyAdd(Two<Vector256<ushort>> sum, Four<Vector256<byte>> values, ref byte query)
    {
        const nuint size = 32;
        Vector256<ushort> first =
            (Avx2.Shuffle(Vector256.LoadUnsafe(ref query), values.A) + Avx2.Shuffle(Vector256.LoadUnsafe(ref query, 2 * size), values.C))
                .AsUInt16();
        sum.A += first;
        sum.B += Avx2.ShiftRightLogical(first, 8);
        Vector256<ushort> second =
            (Avx2.Shuffle(Vector256.LoadUnsafe(ref query, size), values.B)
                + Avx2.Shuffle(Vector256.LoadUnsafe(ref query, 3 * size), values.D)).AsUInt16();
        sum.A += second;
        sum.B += Avx2.ShiftRightLogical(second, 8);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Two<Vector256<ushort>> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        Vector256<ushort> evenHalves = sum.A - Avx2.ShiftLeftLogical(sum.B, 8);
        Vector128<ushort> even = evenHalves.GetLower() + evenHalves.GetUpper();
        Vector128<ushort> odd = sum.B.GetLower() + sum.B.GetUpper();
        FoldHalf(Sse2.UnpackLow(even, odd), ref best);
        FoldHalf(Sse2.UnpackHigh(even, odd), ref Unsafe.Add(ref best, NibbleLayout.BlockRowCount / 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FoldHalf(Vector128<ushort> sum, ref float best)
    {
        ref int lanes = ref Unsafe.As<float, int>(ref best);
        Avx2.Max(Avx2.ConvertToVector256Int32(sum), Vector256.LoadUnsafe(ref lanes)).StoreUnsafe(ref lanes);
    }
}
