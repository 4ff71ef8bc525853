using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>What becomes of the inner products of one row with 16 centroids.</summary>
/// <remarks>
/// The tail of a block of centroids is 16 float32 offsets, added to the products with one rounding, then 16 int32 ids. The lanes of row r
/// begin at r · 16 of a scratch of <see cref="CentroidScratch"/>.
/// </remarks>
internal interface ICentroidFold
{
    /// <summary>Takes 16 products.</summary>
    /// <param name="sum">The products.</param>
    /// <param name="tail">The tail of the block.</param>
    /// <param name="block">Which block of its group it is.</param>
    /// <param name="lanes">The lanes of the row.</param>
    static abstract void Fold512(Vector512<float> sum, ref byte tail, int block, ref float lanes);

    /// <summary>Takes 16 products as two halves.</summary>
    static abstract void Fold256(Vector256<float> lower, Vector256<float> upper, ref byte tail, int block, ref float lanes);

    /// <summary>Takes the product of one lane.</summary>
    static abstract void Fold(float sum, ref byte tail, int lane, int block, ref float lanes);
}
