using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Float rows, four blocks at once: one broadcast query value serves 64 rows. 24 sums, 4 values, 1 broadcast of 32
/// registers.</summary>
internal readonly struct FloatAvx512By4<TRows> : ITileShape<Four<Vector512<float>>, Four<Vector512<float>>>
    where TRows : struct, IFloatRows
{
    public static int GroupSize => 4;

    public static int QueryStepSize => sizeof(float);

    public static int BlockStepSize => PackedRows.BlockRowCount * TRows.ValueSize;

    // Little is computed with each byte of Float32, so that the processor sees far ahead by itself; all four lines cost 8 % in the cache.
    public static int LinesAhead => TRows.ValueSize == sizeof(float) ? 1 : 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector512<float>> Load(ref byte source, nint blockSize)
    {
        Four<Vector512<float>> values;
        values.A = TRows.Load512(ref source);
        values.B = TRows.Load512(ref Unsafe.Add(ref source, blockSize));
        values.C = TRows.Load512(ref Unsafe.Add(ref source, 2 * blockSize));
        values.D = TRows.Load512(ref Unsafe.Add(ref source, 3 * blockSize));
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector512<float>> MultiplyAdd(Four<Vector512<float>> sum, Four<Vector512<float>> values, ref byte query)
    {
        Vector512<float> q = Vector512.Create(Unsafe.ReadUnaligned<float>(ref query));
        sum.A = Avx512F.FusedMultiplyAdd(values.A, q, sum.A);
        sum.B = Avx512F.FusedMultiplyAdd(values.B, q, sum.B);
        sum.C = Avx512F.FusedMultiplyAdd(values.C, q, sum.C);
        sum.D = Avx512F.FusedMultiplyAdd(values.D, q, sum.D);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Four<Vector512<float>> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        // VMAXPS returns its second operand when one is NaN: the best so far stays.
        Vector512<float> lanes = Vector512.LoadUnsafe(ref best);
        lanes = Avx512F.Max(sum.A, lanes);
        lanes = Avx512F.Max(sum.B, lanes);
        lanes = Avx512F.Max(sum.C, lanes);
        lanes = Avx512F.Max(sum.D, lanes);
        lanes.StoreUnsafe(ref best);
    }
}
