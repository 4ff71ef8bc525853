using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>What becomes of the similarities of one query row with the 16 rows of a block of Int8.</summary>
/// <remarks>Similarities are before the query's scale. <c>best</c> is where the 16 lanes of the query row and the group's first block
/// begin.</remarks>
internal interface IInt8Fold
{
    /// <summary>Takes those of a group of one block.</summary>
    static abstract void Fold(Vector512<float> similarities, ref float best);

    /// <summary>Takes those of a group of two blocks.</summary>
    static abstract void Fold(Vector512<float> first, Vector512<float> second, ref float best);

    /// <summary>Takes eight of a group of one block.</summary>
    static abstract void Fold(Vector256<float> half, ref float best);
}
