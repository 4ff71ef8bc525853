using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Int8 rows, one block in two 256-bit halves. 8 sums, 4 values, 2 broadcasts of 16 registers, hence at most 4 query rows.</summary>
/// <remarks>The arithmetic is that of <see cref="Int8Avx512"/>.</remarks>
internal readonly struct Int8Avx2 : ITileShape<Two<Vector256<int>>, Four<Vector256<short>>>
{
    private const int CodeBitCount = 8;

    public static int GroupSize => 1;

    public static int QueryStepSize => Int8Query.StepSize;

    public static int BlockStepSize => PackedRows.BlockRowCount * PackedRows.Int8GroupSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector256<short>> Load(ref byte source, nint blockSize)
    {
        Vector256<short> lower = Vector256.LoadUnsafe(ref source).AsInt16();
        Vector256<short> upper = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, Vector256<byte>.Count)).AsInt16();
        Four<Vector256<short>> values;
        values.A = Avx2.ShiftRightArithmetic(Avx2.ShiftLeftLogical(lower, CodeBitCount), CodeBitCount);
        values.B = Avx2.ShiftRightArithmetic(Avx2.ShiftLeftLogical(upper, CodeBitCount), CodeBitCount);
        values.C = Avx2.ShiftRightArithmetic(lower, CodeBitCount);
        values.D = Avx2.ShiftRightArithmetic(upper, CodeBitCount);
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<int>> MultiplyAdd(Two<Vector256<int>> sum, Four<Vector256<short>> values, ref byte query)
    {
        Vector256<short> even = Vector256.Create(Unsafe.ReadUnaligned<int>(ref query)).AsInt16();
        Vector256<short> odd = Vector256.Create(Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref query, sizeof(int)))).AsInt16();
        sum.A += Avx2.MultiplyAddAdjacent(values.A, even);
        sum.B += Avx2.MultiplyAddAdjacent(values.B, even);
        sum.A += Avx2.MultiplyAddAdjacent(values.C, odd);
        sum.B += Avx2.MultiplyAddAdjacent(values.D, odd);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Two<Vector256<int>> sum, ref byte tail, nint blockSize, ref float best)
    {
        FoldHalf(sum.A, ref tail, ref best);
        FoldHalf(sum.B, ref Unsafe.Add(ref tail, Vector256<byte>.Count), ref Unsafe.Add(ref best, Vector256<float>.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FoldHalf(Vector256<int> sum, ref byte scales, ref float best)
    {
        Vector256<float> similarities = Avx.Multiply(Avx.ConvertToVector256Single(sum), Vector256.LoadUnsafe(ref scales).AsSingle());
        Avx.Max(similarities, Vector256.LoadUnsafe(ref best)).StoreUnsafe(ref best);
    }
}
