using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Int8 rows, four blocks at once: the arithmetic of <see cref="Int8Avx512"/>. 24 sums, 4 values, ones, 1 broadcast, 1 product.</summary>
internal readonly struct Int8Avx512By4 : ITileShape<Four<Vector512<int>>, Four<Vector512<byte>>>
{
    public static int GroupSize => 4;

    public static int QueryStepSize => Int8Query.StepSize;

    public static int BlockStepSize => PackedRows.BlockRowCount * PackedRows.Int8GroupSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector512<byte>> Load(ref byte source, nint blockSize)
    {
        Four<Vector512<byte>> values;
        values.A = Int8Avx512.Load(ref source, blockSize);
        values.B = Int8Avx512.Load(ref Unsafe.Add(ref source, blockSize), blockSize);
        values.C = Int8Avx512.Load(ref Unsafe.Add(ref source, 2 * blockSize), blockSize);
        values.D = Int8Avx512.Load(ref Unsafe.Add(ref source, 3 * blockSize), blockSize);
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector512<int>> MultiplyAdd(Four<Vector512<int>> sum, Four<Vector512<byte>> values, ref byte query)
    {
        Vector512<sbyte> q = Vector512.Create(Unsafe.ReadUnaligned<int>(ref query)).AsSByte();
        sum.A += Int8Avx512.Dot(values.A, q);
        sum.B += Int8Avx512.Dot(values.B, q);
        sum.C += Int8Avx512.Dot(values.C, q);
        sum.D += Int8Avx512.Dot(values.D, q);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Four<Vector512<int>> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        Vector512<int> offset = Vector512.Create(Unsafe.ReadUnaligned<int>(ref queryTail));
        Vector512<float> a = Int8Avx512.Scale(sum.A - offset, ref tail);
        Vector512<float> b = Int8Avx512.Scale(sum.B - offset, ref Unsafe.Add(ref tail, blockSize));
        Vector512<float> c = Int8Avx512.Scale(sum.C - offset, ref Unsafe.Add(ref tail, 2 * blockSize));
        Vector512<float> d = Int8Avx512.Scale(sum.D - offset, ref Unsafe.Add(ref tail, 3 * blockSize));

        // A NaN, from damaged scales, is the first operand and loses to the best so far; a tree would let it win.
        Vector512<float> lanes = Avx512F.Max(b, Avx512F.Max(a, Vector512.LoadUnsafe(ref best)));
        Avx512F.Max(d, Avx512F.Max(c, lanes)).StoreUnsafe(ref best);
    }
}
