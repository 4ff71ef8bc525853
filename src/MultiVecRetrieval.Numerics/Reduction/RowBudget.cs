namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>How many rows may stay: a share of them, at most so many.</summary>
/// <param name="Factor">Rows are divided by this, rounded down; at least 1.</param>
/// <param name="Share">When above 0, the share that stays, rounded up, and the factor says nothing.</param>
/// <param name="Max">The most rows that stay.</param>
internal readonly record struct RowBudget(double Factor, double Share, int Max)
{
    /// <summary>Rows that stay of <paramref name="rowCount"/>: at least 1, at most all.</summary>
    public int Count(int rowCount)
    {
        double count = Share > 0 ? Math.Ceiling(rowCount * Share) : Math.Floor(rowCount / Factor);
        return (int)Math.Clamp(count, 1, Math.Min(rowCount, Max));
    }
}
