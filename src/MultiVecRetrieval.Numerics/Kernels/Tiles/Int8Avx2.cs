using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Int8 rows, one block in two 256-bit halves. 10 sums, 2 values, ones, 1 broadcast, 1 product of 16: at most 5 query rows.</summary>
/// <remarks>The arithmetic is that of <see cref="Int8Avx512"/>.</remarks>
internal readonly struct Int8Avx2 : ITileShape<Two<Vector256<int>>, Two<Vector256<byte>>>
{
    private const byte TopBit = 0x80;

    public static int GroupSize => 1;

    public static int QueryStepSize => Int8Query.StepSize;

    public static int BlockStepSize => PackedRows.BlockRowCount * PackedRows.Int8GroupSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<byte>> Load(ref byte source, nint blockSize)
    {
        Two<Vector256<byte>> values;
        values.A = Vector256.LoadUnsafe(ref source) ^ Vector256.Create(TopBit);
        values.B = Vector256.LoadUnsafe(ref Unsafe.Add(ref source, Vector256<byte>.Count)) ^ Vector256.Create(TopBit);
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<int>> MultiplyAdd(Two<Vector256<int>> sum, Two<Vector256<byte>> values, ref byte query)
    {
        Vector256<sbyte> q = Vector256.Create(Unsafe.ReadUnaligned<int>(ref query)).AsSByte();
        sum.A += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(values.A, q), Vector256<short>.One);
        sum.B += Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(values.B, q), Vector256<short>.One);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Two<Vector256<int>> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        Vector256<int> offset = Vector256.Create(Unsafe.ReadUnaligned<int>(ref queryTail));
        FoldHalf(sum.A - offset, ref tail, ref best);
        FoldHalf(sum.B - offset, ref Unsafe.Add(ref tail, Vector256<byte>.Count), ref Unsafe.Add(ref best, Vector256<float>.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FoldHalf(Vector256<int> sum, ref byte scales, ref float best)
    {
        Vector256<float> similarities = Avx.Multiply(Avx.ConvertToVector256Single(sum), Vector256.LoadUnsafe(ref scales).AsSingle());
        Avx.Max(similarities, Vector256.LoadUnsafe(ref best)).StoreUnsafe(ref best);
    }
}
