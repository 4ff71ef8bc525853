namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>The rows that are left, and which of the source each stands for.</summary>
/// <param name="Dimension">d, the length of a row.</param>
/// <param name="Values">[rows × d] row-major.</param>
/// <param name="Owners">Per source row: the row that stands for it, or -1 when none does.</param>
public sealed record ReducedRows(int Dimension, float[] Values, int[] Owners)
{
    /// <summary>The number of rows that are left.</summary>
    public int RowCount => Values.Length / Dimension;
}
