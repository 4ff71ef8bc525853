using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Int8 rows, one block in two 256-bit halves. 8 sums, 4 values, ones, 1 broadcast, 2 products of 16: at most 4 query rows.</summary>
/// <remarks>The arithmetic is that of <see cref="Int8Avx512"/>.</remarks>
internal readonly struct Int8Avx2 : ITileShape<Two<Vector256<int>>, Four<Vector256<byte>>>
{
    private const byte TopBit = 0x80;

    public static int GroupSize => 1;

    public static int QueryStepSize => Int8Query.StepSize;

    public static int BlockStepSize => Int8Avx512.BlockStepSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector256<byte>> Load(ref byte source, nint blockSize)
    {
        Four<Vector256<byte>> values;
        values.A = LoadUnsigned(ref source);
        values.B = LoadUnsigned(ref Unsafe.Add(ref source, Vector256<byte>.Count));
        values.C = LoadUnsigned(ref Unsafe.Add(ref source, 2 * Vector256<byte>.Count));
        values.D = LoadUnsigned(ref Unsafe.Add(ref source, 3 * Vector256<byte>.Count));
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
        ref Int8Avx512.GetTail(ref stepsEnd, blockSize, stepCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Two<Vector256<int>> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        Vector256<int> offset = Vector256.Create(Unsafe.ReadUnaligned<int>(ref queryTail));
        FoldHalf(sum.A - offset, ref tail, ref best);
        FoldHalf(sum.B - offset, ref Unsafe.Add(ref tail, Vector256<byte>.Count), ref Unsafe.Add(ref best, Vector256<float>.Count));
    }

    /// <summary>32 codes, each 128 too large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<byte> LoadUnsigned(ref byte source) => Vector256.LoadUnsafe(ref source) ^ Vector256.Create(TopBit);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FoldHalf(Vector256<int> sum, ref byte scales, ref float best)
    {
        Vector256<float> similarities = Avx.Multiply(Avx.ConvertToVector256Single(sum), Vector256.LoadUnsafe(ref scales).AsSingle());
        Avx.Max(similarities, Vector256.LoadUnsafe(ref best)).StoreUnsafe(ref best);
    }
}
