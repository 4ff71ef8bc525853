namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>MaxSim by its definition: what every kernel is measured against.</summary>
public static class MaxSim
{
    /// <summary>Computes Σ_i max_j ⟨q_i, d_j⟩: for each query row, the best entry row; then the sum.</summary>
    /// <param name="query">Query rows, [queryRows × d].</param>
    /// <param name="entry">Entry rows, [entryRows × d].</param>
    /// <returns>
    /// The score; higher is closer. In [-queryRows, queryRows] when all rows have unit length. 0 for a query without rows,
    /// negative infinity for an entry without rows. An inner product that is NaN never is the best one.
    /// </returns>
    /// <exception cref="ArgumentException">The two dimensions differ.</exception>
    /// <remarks>
    /// Plain loops in float64, rounded once at the end; <see cref="MaxSimScorer"/> is the fast form. Source: Khattab and Zaharia,
    /// ColBERT, arXiv:2004.12832.
    /// </remarks>
    public static float Score(MultiVectorView query, MultiVectorView entry)
    {
        if (query.Dimension != entry.Dimension)
        {
            throw new ArgumentException($"The query has d = {query.Dimension}, the entry d = {entry.Dimension}.", nameof(entry));
        }

        double score = 0;
        for (int i = 0; i < query.RowCount; i++)
        {
            double best = double.NegativeInfinity;
            for (int j = 0; j < entry.RowCount; j++)
            {
                double similarity = Dot(query.Row(i), entry.Row(j));
                best = similarity > best ? similarity : best;
            }

            score += best;
        }

        return (float)score;
    }

    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            sum += (double)x[k] * y[k];
        }

        return sum;
    }
}
