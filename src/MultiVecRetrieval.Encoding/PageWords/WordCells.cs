namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>One printed word on a grid: the cell whose vector stands for it, and the box of all its cells.</summary>
/// <param name="Cell">Index of the most salient cell, row-major.</param>
/// <param name="Saliency">Its saliency.</param>
/// <param name="Left">First column of the box.</param>
/// <param name="Top">First row of the box.</param>
/// <param name="Right">Column after the last of the box.</param>
/// <param name="Bottom">Row after the last of the box.</param>
internal readonly record struct WordCells(int Cell, float Saliency, int Left, int Top, int Right, int Bottom);
