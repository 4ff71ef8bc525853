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
    public static double MatchRows(MultiVector a, MultiVector b) => new ComparedRows(a).Match(new ComparedRows(b));

    /// <summary>The same as <see cref="Compute(MultiVector, MultiVector)"/>; null where it is certain to stay below the
    /// threshold.</summary>
    public static double? Compute(ComparedRows a, ComparedRows b, double threshold) =>
        a.Rows.RowCount == 0 || b.Rows.RowCount == 0 ? null
        : a.Rows.RowCount <= MaxViews && b.Rows.RowCount <= MaxViews ? Compute(a.Rows, b.Rows)
        : a.MayReach(threshold, b) ? a.Match(b)
        : null;
}
