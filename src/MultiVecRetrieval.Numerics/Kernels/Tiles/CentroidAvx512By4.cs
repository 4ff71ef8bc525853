using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Rows against four blocks of centroids at once, products as in <see cref="FloatAvx512By4{TRows}"/>.</summary>
internal readonly struct CentroidAvx512By4<TFold> : ITileShape<Four<Vector512<float>>, Four<Vector512<float>>>
    where TFold : struct, ICentroidFold
{
    public static int GroupSize => FloatAvx512By4<Float32Rows>.GroupSize;

    public static int QueryStepSize => FloatAvx512By4<Float32Rows>.QueryStepSize;

    public static int BlockStepSize => FloatAvx512By4<Float32Rows>.BlockStepSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector512<float>> Load(ref byte source, nint blockSize) => FloatAvx512By4<Float32Rows>.Load(ref source, blockSize);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Four<Vector512<float>> MultiplyAdd(Four<Vector512<float>> sum, Four<Vector512<float>> values, ref byte query) =>
        FloatAvx512By4<Float32Rows>.MultiplyAdd(sum, values, ref query);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Four<Vector512<float>> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best)
    {
        TFold.Fold512(sum.A, ref tail, 0, ref best);
        TFold.Fold512(sum.B, ref Unsafe.Add(ref tail, blockSize), 1, ref best);
        TFold.Fold512(sum.C, ref Unsafe.Add(ref tail, 2 * blockSize), 2, ref best);
        TFold.Fold512(sum.D, ref Unsafe.Add(ref tail, 3 * blockSize), 3, ref best);
    }
}
