namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>What a page encoder gives for one picture: per cell a unit vector and a saliency, row-major.</summary>
/// <param name="Rows">Rows of cells.</param>
/// <param name="Columns">Columns of cells.</param>
/// <param name="Dimension">d, the length of a vector.</param>
/// <param name="Vectors">[Rows × Columns × d].</param>
/// <param name="Saliency">[Rows × Columns], in [0, 1].</param>
internal sealed record InkGrid(int Rows, int Columns, int Dimension, float[] Vectors, float[] Saliency)
{
    public int CellCount => Rows * Columns;

    public ReadOnlySpan<float> Vector(int cell) => Vectors.AsSpan(cell * Dimension, Dimension);
}
