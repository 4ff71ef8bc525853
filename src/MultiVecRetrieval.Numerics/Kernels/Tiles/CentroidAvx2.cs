using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>Rows against one block of centroids, products as in <see cref="FloatAvx2{TRows}"/>.</summary>
internal readonly struct CentroidAvx2<TFold> : ITileShape<Two<Vector256<float>>, Two<Vector256<float>>>
    where TFold : struct, ICentroidFold
{
    public static int GroupSize => FloatAvx2<Float32Rows>.GroupSize;

    public static int QueryStepSize => FloatAvx2<Float32Rows>.QueryStepSize;

    public static int BlockStepSize => FloatAvx2<Float32Rows>.BlockStepSize;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<float>> Load(ref byte source, nint blockSize) => FloatAvx2<Float32Rows>.Load(ref source, blockSize);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Two<Vector256<float>> MultiplyAdd(Two<Vector256<float>> sum, Two<Vector256<float>> values, ref byte query) =>
        FloatAvx2<Float32Rows>.MultiplyAdd(sum, values, ref query);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FoldMaximum(Two<Vector256<float>> sum, ref byte tail, nint blockSize, ref byte queryTail, ref float best) =>
        TFold.Fold256(sum.A, sum.B, ref tail, 0, ref best);
}
