using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>
/// Int8 rows, two blocks at once, the arithmetic of <see cref="Int8Avx512"/>: at most 10 query rows. 20 sums, 4 values, ones, the top bit,
/// 2 broadcasts, 4 products of 32 registers.
/// </summary>
/// <remarks>Like instructions come in pairs: Zen 4 hands them to its two schedulers in turns, and each has one multiplier.</remarks>
internal readonly struct Int8Avx512By2 : ITileShape<Two<Vector512<int>>, Four<Vector512<byte>>>
{
    public static int GroupSize => 2;

    public static int QueryStepSize => Int8Query.StepSize;

    public static int BlockStepSize => Int8Avx512.BlockStepSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector512<byte>> Load(ref byte source, nint blockSize)
    {
        Four<Vector512<byte>> values;
        values.A = Int8Avx512.LoadUnsigned(ref source);
        values.B = Int8Avx512.LoadUnsigned(ref Unsafe.Add(ref source, blockSize));
        values.C = Int8Avx512.LoadUnsigned(ref Unsafe.Add(ref source, Vector512<byte>.Count));
        values.D = Int8Avx512.LoadUnsigned(ref Unsafe.Add(ref source, blockSize + Vector512<byte>.Count));
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector512<int>> MultiplyAdd(Two<Vector512<int>> sum, Four<Vector512<byte>> values, ref byte query)
    {
        Vector512<sbyte> q = Int8Avx512.Broadcast(ref query);
        Vector512<short> a = Avx512BW.MultiplyAddAdjacent(values.A, q);
        Vector512<short> b = Avx512BW.MultiplyAddAdjacent(values.B, q);
        q = Int8Avx512.Broadcast(ref Unsafe.Add(ref query, PackedRows.Int8GroupSize));
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
        ref Int8Avx512.GetTail(ref stepsEnd, blockSize, stepCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Two<Vector512<int>> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        Vector512<int> offset = Vector512.Create(Unsafe.ReadUnaligned<int>(ref queryTail));
        Vector512<float> a = Int8Avx512.Scale(sum.A - offset, ref tail);
        Vector512<float> b = Int8Avx512.Scale(sum.B - offset, ref Unsafe.Add(ref tail, blockSize));

        // A NaN, from damaged scales, is the first operand and loses to the best so far; a tree would let it win.
        Avx512F.Max(b, Avx512F.Max(a, Vector512.LoadUnsafe(ref best))).StoreUnsafe(ref best);
    }
}
