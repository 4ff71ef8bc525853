using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Int8 rows, four blocks at once. 20 sums, 8 values, 2 broadcasts of 32 registers, hence at most 5 query rows.</summary>
internal readonly struct Int8Avx512By4 : ITileShape<Four<Vector512<int>>, Two<Four<Vector512<short>>>>
{
    public static int GroupSize => 4;

    public static int QueryStepSize => Int8Query.StepSize;

    public static int BlockStepSize => PackedRows.BlockRowCount * PackedRows.Int8GroupSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Four<Vector512<short>>> Load(ref byte source, nint blockSize)
    {
        Vector512<short> a = Vector512.LoadUnsafe(ref source).AsInt16();
        Vector512<short> b = Vector512.LoadUnsafe(ref Unsafe.Add(ref source, blockSize)).AsInt16();
        Vector512<short> c = Vector512.LoadUnsafe(ref Unsafe.Add(ref source, 2 * blockSize)).AsInt16();
        Vector512<short> d = Vector512.LoadUnsafe(ref Unsafe.Add(ref source, 3 * blockSize)).AsInt16();
        Two<Four<Vector512<short>>> values;
        values.A.A = Int8Avx512.SignExtendEven(a);
        values.A.B = Int8Avx512.SignExtendEven(b);
        values.A.C = Int8Avx512.SignExtendEven(c);
        values.A.D = Int8Avx512.SignExtendEven(d);
        values.B.A = Int8Avx512.SignExtendOdd(a);
        values.B.B = Int8Avx512.SignExtendOdd(b);
        values.B.C = Int8Avx512.SignExtendOdd(c);
        values.B.D = Int8Avx512.SignExtendOdd(d);
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector512<int>> MultiplyAdd(Four<Vector512<int>> sum, Two<Four<Vector512<short>>> values, ref byte query)
    {
        Vector512<short> even = Vector512.Create(Unsafe.ReadUnaligned<int>(ref query)).AsInt16();
        Vector512<short> odd = Vector512.Create(Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref query, sizeof(int)))).AsInt16();
        sum.A += Avx512BW.MultiplyAddAdjacent(values.A.A, even);
        sum.B += Avx512BW.MultiplyAddAdjacent(values.A.B, even);
        sum.C += Avx512BW.MultiplyAddAdjacent(values.A.C, even);
        sum.D += Avx512BW.MultiplyAddAdjacent(values.A.D, even);
        sum.A += Avx512BW.MultiplyAddAdjacent(values.B.A, odd);
        sum.B += Avx512BW.MultiplyAddAdjacent(values.B.B, odd);
        sum.C += Avx512BW.MultiplyAddAdjacent(values.B.C, odd);
        sum.D += Avx512BW.MultiplyAddAdjacent(values.B.D, odd);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Four<Vector512<int>> sum, ref byte tail, nint blockSize, ref float best)
    {
        Int8Avx512.FoldMaximum(sum.A, ref tail, blockSize, ref best);
        Int8Avx512.FoldMaximum(sum.B, ref Unsafe.Add(ref tail, blockSize), blockSize, ref best);
        Int8Avx512.FoldMaximum(sum.C, ref Unsafe.Add(ref tail, 2 * blockSize), blockSize, ref best);
        Int8Avx512.FoldMaximum(sum.D, ref Unsafe.Add(ref tail, 3 * blockSize), blockSize, ref best);
    }
}
