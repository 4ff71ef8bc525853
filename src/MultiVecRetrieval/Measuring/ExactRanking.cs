using System.Diagnostics;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Measuring;

/// <summary>The exact top of each query over the sampled entries.</summary>
internal sealed class ExactRanking
{
    private ExactRanking(List<ExactTop> tops, double msPerEntry)
    {
        Tops = tops;
        MsPerEntry = msPerEntry;
    }

    /// <summary>Per query its best entries; equal scores in the order of positions.</summary>
    public IReadOnlyList<ExactTop> Tops { get; }

    /// <summary>Milliseconds of scoring one entry against one query, the median query.</summary>
    public double MsPerEntry { get; }

    public static ExactRanking Compute(
        SampledRows rows, RowFormat format, IReadOnlyList<MultiVector> queries, int top, CancellationToken cancellationToken)
    {
        byte[][] packed = new byte[rows.EntryCount][];
        for (int i = 0; i < packed.Length; i++)
        {
            MultiVectorView entry = rows.All[i];
            packed[i] = new byte[PackedRows.GetSizeInBytes(format, entry.RowCount, entry.Dimension)];
            PackedRows.Pack(format, entry, packed[i]);
        }

        List<ExactTop> tops = [];
        List<double> times = [];
        float[] scores = new float[packed.Length];
        foreach (MultiVector query in queries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            MaxSimScorer scorer = new(query.View, format);
            long start = Stopwatch.GetTimestamp();
            TopK collected = new(top);
            for (int i = 0; i < packed.Length; i++)
            {
                scores[i] = scorer.Score(packed[i], rows.CountRows(i, 1));
                collected.Add(i, scores[i]);
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / packed.Length);
            tops.Add(new ExactTop(collected.ToSortedArray(), scores.Select((score, i) => new ScoredId(i, score))));
        }

        return new ExactRanking(tops, Median(times));
    }

    internal static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
