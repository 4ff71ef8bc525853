using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Int8 rows, one block at a time: for the blocks that no group of four is left for.</summary>
/// <remarks>
/// A 32-bit lane holds the codes 4k to 4k + 3 of a row, two per 16-bit element. Shifts sign-extend the low (even) and the high
/// (odd) code of each element; VPMADDWD multiplies them with int16 query values and adds the pairs, exactly, in int32.
/// </remarks>
internal readonly struct Int8Avx512 : ITileShape<Vector512<int>, Two<Vector512<short>>>
{
    private const int CodeBitCount = 8;

    public static int GroupSize => 1;

    public static int QueryStepSize => Int8Query.StepSize;

    public static int BlockStepSize => PackedRows.BlockRowCount * PackedRows.Int8GroupSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector512<short>> Load(ref byte source, nint blockSize)
    {
        Vector512<short> codes = Vector512.LoadUnsafe(ref source).AsInt16();
        Two<Vector512<short>> values;
        values.A = SignExtendEven(codes);
        values.B = SignExtendOdd(codes);
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> sum, Two<Vector512<short>> values, ref byte query)
    {
        Vector512<short> even = Vector512.Create(Unsafe.ReadUnaligned<int>(ref query)).AsInt16();
        Vector512<short> odd = Vector512.Create(Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref query, sizeof(int)))).AsInt16();
        sum += Avx512BW.MultiplyAddAdjacent(values.A, even);
        return sum + Avx512BW.MultiplyAddAdjacent(values.B, odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Vector512<int> sum, ref byte tail, nint blockSize, ref float best)
    {
        Vector512<float> scales = Vector512.LoadUnsafe(ref tail).AsSingle();
        Vector512<float> similarities = Avx512F.Multiply(Avx512F.ConvertToVector512Single(sum), scales);
        Avx512F.Max(similarities, Vector512.LoadUnsafe(ref best)).StoreUnsafe(ref best);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<short> SignExtendEven(Vector512<short> codes) =>
        Avx512BW.ShiftRightArithmetic(Avx512BW.ShiftLeftLogical(codes, CodeBitCount), CodeBitCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<short> SignExtendOdd(Vector512<short> codes) =>
        Avx512BW.ShiftRightArithmetic(codes, CodeBitCount);
}
