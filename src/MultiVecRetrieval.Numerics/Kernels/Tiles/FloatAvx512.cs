using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Float rows, one block at a time: for the blocks that no group of four is left for.</summary>
internal readonly struct FloatAvx512<TRows> : ITileShape<Vector512<float>, Vector512<float>>
    where TRows : struct, IFloatRows
{
    public static int GroupSize => 1;

    public static int QueryStepSize => sizeof(float);

    public static int BlockStepSize => PackedRows.BlockRowCount * TRows.ValueSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref byte source, nint blockSize) => TRows.Load512(ref source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> sum, Vector512<float> values, ref byte query) =>
        Avx512F.FusedMultiplyAdd(values, Vector512.Create(Unsafe.ReadUnaligned<float>(ref query)), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Vector512<float> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best) =>
        Avx512F.Max(sum, Vector512.LoadUnsafe(ref best)).StoreUnsafe(ref best);
}
