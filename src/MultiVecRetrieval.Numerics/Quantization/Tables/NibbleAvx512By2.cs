using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MultiVecRetrieval.Numerics.Kernels.Tiles;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>Table look-ups of 4-bit codes, two blocks at once. 12 sums, 4 values, 2 tables and 3 constants of 32 registers.</summary>
/// <remarks>
/// <para>A register holds the tables of four neighbouring codes of a query row; VPERMB looks 64 codes up, of 16 rows and those four tables:
/// the low four bits of an index are the code, the next two say which table. Nothing is broadcast, and a look-up costs 2.5
/// instructions.</para>
/// <para>Two table values are at most 2 · 127 in a byte. VPMADDUBSW with ones adds neighbours in 16 bits; a lane wraps only beyond 65,535,
/// and <see cref="TableRounding"/> keeps the sum of a whole row below that.</para>
/// </remarks>
internal readonly struct NibbleAvx512By2 : ITileShape<Two<Vector512<short>>, Four<Vector512<byte>>>
{
    public static int GroupSize => 2;

    public static int QueryStepSize => NibbleLayout.GroupCodeCount * NibbleLayout.CodeCount;

    public static int BlockStepSize => NibbleLayout.GroupSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector512<byte>> Load(ref byte source, nint blockSize)
    {
        Two<Vector512<byte>> first = NibbleAvx512.Load(ref source, blockSize);
        Two<Vector512<byte>> second = NibbleAvx512.Load(ref Unsafe.Add(ref source, blockSize), blockSize);
        Four<Vector512<byte>> values;
        values.A = first.A;
        values.B = first.B;
        values.C = second.A;
        values.D = second.B;
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector512<short>> MultiplyAdd(Two<Vector512<short>> sum, Four<Vector512<byte>> values, ref byte query)
    {
        Vector512<byte> lower = Vector512.LoadUnsafe(ref query);
        Vector512<byte> upper = Vector512.LoadUnsafe(ref query, (nuint)Vector512<byte>.Count);
        sum.A += NibbleAvx512.LookUp(values.A, values.B, lower, upper);
        sum.B += NibbleAvx512.LookUp(values.C, values.D, lower, upper);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Two<Vector512<short>> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        NibbleAvx512.Fold(sum.A, ref best);
        NibbleAvx512.Fold(sum.B, ref best);
    }
}
