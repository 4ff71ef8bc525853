namespace MultiVecRetrieval.Numerics.Kernels.Tiles;

/// <summary>A query row and a block that are to be scored with each other.</summary>
/// <param name="Row">The query row, from the first of its panel.</param>
/// <param name="Block">The block, from the first of its entry.</param>
internal readonly record struct RowBlock(int Row, int Block);
