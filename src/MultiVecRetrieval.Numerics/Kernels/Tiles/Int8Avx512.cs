using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Int8 rows, one block at a time: for the block that no pair is left for.</summary>
/// <remarks>
/// A 32-bit lane holds four codes of a row, and a step is two vectors of them. Flipping their top bits adds 128 to each; VPMADDUBSW adds
/// pairs of products in int16, VPADDW the pairs of both vectors, within the bounds of <see cref="Int8Query"/>, and VPMADDWD with ones
/// adds what is next to each other in int32: five instructions for 128 products, where one vector at a time takes six.
/// <para>Of an odd number of vectors the last step reads the scales as well, against query codes of 0.</para>
/// </remarks>
internal readonly struct Int8Avx512<TFold> : ITileShape<Vector512<int>, Two<Vector512<byte>>>
    where TFold : struct, IInt8Fold
{
    public static int GroupSize => 1;

    public static int QueryStepSize => Int8Query.StepSize;

    public static int BlockStepSize => Int8Blocks.StepSize;

    public static int LinesAhead => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector512<byte>> Load(ref byte source, nint blockSize)
    {
        Two<Vector512<byte>> values;
        values.A = Int8Blocks.LoadUnsigned512(ref source);
        values.B = Int8Blocks.LoadUnsigned512(ref Unsafe.Add(ref source, Vector512<byte>.Count));
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyAdd(Vector512<int> sum, Two<Vector512<byte>> values, ref byte query)
    {
        Vector512<short> first = Avx512BW.MultiplyAddAdjacent(values.A, Int8Blocks.Broadcast512(ref query));
        Vector512<short> second =
            Avx512BW.MultiplyAddAdjacent(values.B, Int8Blocks.Broadcast512(ref Unsafe.Add(ref query, PackedRows.Int8GroupSize)));
        return sum + Avx512BW.MultiplyAddAdjacent(first + second, Vector512<short>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref byte GetTail(ref byte stepsEnd, nint blockSize, int stepCount) =>
        ref Int8Blocks.GetScales(ref stepsEnd, blockSize, stepCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Vector512<int> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        Vector512<int> offset = Vector512.Create(Unsafe.ReadUnaligned<int>(ref queryTail));
        TFold.Fold(Int8Blocks.Scale512(sum - offset, ref tail), ref best);
    }
}
