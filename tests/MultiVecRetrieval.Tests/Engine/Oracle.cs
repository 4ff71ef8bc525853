using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>The definitions, written as plainly as possible.</summary>
internal static class Oracle
{
    /// <summary>Σ_i max_j ⟨q_i, d_j⟩ in float64.</summary>
    public static double MaxSim(MultiVector query, MultiVector document)
    {
        double sum = 0;
        for (int i = 0; i < query.RowCount; i++)
        {
            double best = double.NegativeInfinity;
            for (int j = 0; j < document.RowCount; j++)
            {
                double dot = 0;
                for (int k = 0; k < query.Dimension; k++)
                {
                    dot += query.Row(i)[k] * (double)document.Row(j)[k];
                }

                best = Math.Max(best, dot);
            }

            sum += best;
        }

        return sum;
    }
}
