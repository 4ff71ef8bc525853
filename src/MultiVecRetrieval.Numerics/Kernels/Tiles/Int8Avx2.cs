using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Int8 rows, one block in two 256-bit halves. 8 sums, 4 values, ones, 1 broadcast, 2 products of 16: at most 4 query
/// rows.</summary>
/// <remarks>The arithmetic is that of <see cref="Int8Avx512{TFold}"/>.</remarks>
internal readonly struct Int8Avx2<TFold> : ITileShape<Two<Vector256<int>>, Four<Vector256<byte>>>
    where TFold : struct, IInt8Fold
{
    public static int GroupSize => 1;

    public static int QueryStepSize => Int8Query.StepSize;

    public static int BlockStepSize => Int8Blocks.StepSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector256<byte>> Load(ref byte source, nint blockSize)
    {
        Four<Vector256<byte>> values;
        values.A = Int8Blocks.LoadUnsigned256(ref source);
        values.B = Int8Blocks.LoadUnsigned256(ref Unsafe.Add(ref source, Vector256<byte>.Count));
        values.C = Int8Blocks.LoadUnsigned256(ref Unsafe.Add(ref source, 2 * Vector256<byte>.Count));
        values.D = Int8Blocks.LoadUnsigned256(ref Unsafe.Add(ref source, 3 * Vector256<byte>.Count));
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<int>> MultiplyAdd(Two<Vector256<int>> sum, Four<Vector256<byte>> values, ref byte query)
    {
        Vector256<sbyte> q = Vector256.Create(Unsafe.ReadUnaligned<int>(ref query)).AsSByte();
        Vector256<short> a = Avx2.MultiplyAddAdjacent(values.A, q);
        Vector256<short> b = Avx2.MultiplyAddAdjacent(values.B, q);
        q = Vector256.Create(Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref query, PackedRows.Int8GroupSize))).AsSByte();
        a += Avx2.MultiplyAddAdjacent(values.C, q);
        b += Avx2.MultiplyAddAdjacent(values.D, q);
        sum.A += Avx2.MultiplyAddAdjacent(a, Vector256<short>.One);
        sum.B += Avx2.MultiplyAddAdjacent(b, Vector256<short>.One);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte GetTail(ref byte stepsEnd, nint blockSize, int stepCount) =>
        ref Int8Blocks.GetScales(ref stepsEnd, blockSize, stepCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Two<Vector256<int>> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        Vector256<int> offset = Vector256.Create(Unsafe.ReadUnaligned<int>(ref queryTail));
        FoldHalf(sum.A - offset, ref tail, ref best);
        FoldHalf(sum.B - offset, ref Unsafe.Add(ref tail, Vector256<byte>.Count), ref Unsafe.Add(ref best, Vector256<float>.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FoldHalf(Vector256<int> sum, ref byte scales, ref float best) =>
        TFold.Fold(Avx.Multiply(Avx.ConvertToVector256Single(sum), Vector256.LoadUnsafe(ref scales).AsSingle()), ref best);
}
