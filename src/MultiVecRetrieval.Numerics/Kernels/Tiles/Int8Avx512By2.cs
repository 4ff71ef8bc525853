using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>
/// Int8 rows, two blocks at once, the arithmetic of <see cref="Int8Avx512{TFold}"/>: at most 10 query rows. 20 sums, 4 values, ones, the
/// top bit, 2 broadcasts, 4 products of 32 registers.
/// </summary>
/// <remarks>Like instructions come in pairs: Zen 4 hands them to its two schedulers in turns, and each has one multiplier.</remarks>
internal readonly struct Int8Avx512By2<TFold> : ITileShape<Two<Vector512<int>>, Four<Vector512<byte>>>
    where TFold : struct, IInt8Fold
{
    public static int GroupSize => 2;

    public static int QueryStepSize => Int8Query.StepSize;

    public static int BlockStepSize => Int8Blocks.StepSize;

    public static int LinesAhead => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector512<byte>> Load(ref byte source, nint blockSize)
    {
        Four<Vector512<byte>> values;
        values.A = Int8Blocks.LoadUnsigned512(ref source);
        values.B = Int8Blocks.LoadUnsigned512(ref Unsafe.Add(ref source, blockSize));
        values.C = Int8Blocks.LoadUnsigned512(ref Unsafe.Add(ref source, Vector512<byte>.Count));
        values.D = Int8Blocks.LoadUnsigned512(ref Unsafe.Add(ref source, blockSize + Vector512<byte>.Count));
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector512<int>> MultiplyAdd(Two<Vector512<int>> sum, Four<Vector512<byte>> values, ref byte query)
    {
        Vector512<sbyte> q = Int8Blocks.Broadcast512(ref query);
        Vector512<short> a = Avx512BW.MultiplyAddAdjacent(values.A, q);
        Vector512<short> b = Avx512BW.MultiplyAddAdjacent(values.B, q);
        q = Int8Blocks.Broadcast512(ref Unsafe.Add(ref query, PackedRows.Int8GroupSize));
        Vector512<short> c = Avx512BW.MultiplyAddAdjacent(values.C, q);
        Vector512<short> d = Avx512BW.MultiplyAddAdjacent(values.D, q);
        a += c;
        b += d;
        Vector512<int> first = Avx512BW.MultiplyAddAdjacent(a, Vector512<short>.One);
        Vector512<int> second = Avx512BW.MultiplyAddAdjacent(b, Vector512<short>.One);
        sum.A += first;
        sum.B += second;
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte GetTail(ref byte stepsEnd, nint blockSize, int stepCount) =>
        ref Int8Blocks.GetScales(ref stepsEnd, blockSize, stepCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Two<Vector512<int>> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        Vector512<int> offset = Vector512.Create(Unsafe.ReadUnaligned<int>(ref queryTail));
        Vector512<float> first = Int8Blocks.Scale512(sum.A - offset, ref tail);
        Vector512<float> second = Int8Blocks.Scale512(sum.B - offset, ref Unsafe.Add(ref tail, blockSize));
        TFold.Fold(first, second, ref best);
    }
}
