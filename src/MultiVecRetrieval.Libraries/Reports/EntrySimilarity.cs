using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>How much two entries look like copies of one another, by their rows in one space.</summary>
internal static class EntrySimilarity
{
    /// <summary>Up to so many rows are views of the whole, and their sum stands for it; more of them are parts, a word or a patch
    /// each.</summary>
    public const int MaxViews = 32;

    /// <summary>
    /// Of entries of up to 32 rows the cosine of the sums of their rows: of one row the cosine, of photos-alike R-MAC. Of entries of
    /// more rows the mean of the best inner product of each row of both, so that what only one of them has counts against them.
    /// </summary>
    /// <returns>At most 1; negative infinity where one has no rows.</returns>
    public static double Compute(MultiVector a, MultiVector b)
    {
        if (a.RowCount == 0 || b.RowCount == 0)
        {
            return double.NegativeInfinity;
        }

        return a.RowCount <= MaxViews && b.RowCount <= MaxViews
            ? TensorPrimitives.Dot<float>(SumOf(a), SumOf(b))
            : MatchRows(a, b);
    }

    /// <summary>The sum of all rows at length 1; zeros where they cancel each other out.</summary>
    public static float[] SumOf(MultiVector rows) => SumOf(rows, Enumerable.Range(0, rows.RowCount));

    /// <summary>The sum of some rows at length 1; zeros where they cancel each other out.</summary>
    public static float[] SumOf(MultiVector rows, IEnumerable<int> chosen)
    {
        float[] sum = new float[rows.Dimension];
        foreach (int row in chosen)
        {
            TensorPrimitives.Add(sum, rows.Row(row), sum);
        }

        float norm = TensorPrimitives.Norm<float>(sum);
        if (norm > 0)
        {
            TensorPrimitives.Divide(sum, norm, sum);
        }

        return sum;
    }

    /// <summary>The mean of the best inner product of each row of both.</summary>
    public static double MatchRows(MultiVector a, MultiVector b)
    {
        float[] bestOfB = new float[b.RowCount];
        Array.Fill(bestOfB, float.NegativeInfinity);
        double sum = 0;
        for (int i = 0; i < a.RowCount; i++)
        {
            float best = float.NegativeInfinity;
            for (int j = 0; j < b.RowCount; j++)
            {
                float similarity = TensorPrimitives.Dot(a.Row(i), b.Row(j));
                best = Math.Max(best, similarity);
                bestOfB[j] = Math.Max(bestOfB[j], similarity);
            }

            sum += best;
        }

        return ((sum / a.RowCount) + (TensorPrimitives.Sum<float>(bestOfB) / b.RowCount)) / 2;
    }
}
