using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>Many rows of an entry, ready to be compared with those of others. Thread-safe.</summary>
internal sealed class ComparedRows
{
    private const int ProbeRows = 32;
    private const double ProbeLeeway = 0.2;

    private readonly Lazy<byte[]> _packed;
    private readonly Lazy<MaxSimScorer> _scorer;
    private readonly Lazy<MaxSimScorer> _probe;

    /// <param name="rows">The rows; at least one.</param>
    public ComparedRows(MultiVector rows)
    {
        Rows = rows;
        _packed = new Lazy<byte[]>(() =>
        {
            byte[] packed = new byte[PackedRows.GetSizeInBytes(RowFormat.Float32, rows.RowCount, rows.Dimension)];
            PackedRows.Pack(RowFormat.Float32, rows.View, packed);
            return packed;
        });
        _scorer = new Lazy<MaxSimScorer>(() => new MaxSimScorer(rows.View, RowFormat.Float32));
        _probe = new Lazy<MaxSimScorer>(() => new MaxSimScorer(
            new MultiVector(rows.Dimension, [.. Enumerable.Range(0, ProbeRows)
                .SelectMany(i => rows.Row((int)((long)i * rows.RowCount / ProbeRows)).ToArray())]).View,
            RowFormat.Float32));
    }

    /// <summary>The rows.</summary>
    public MultiVector Rows { get; }

    /// <summary>The mean of the best inner product of each row of both.</summary>
    public double Match(ComparedRows other) => (Find(_scorer, Rows.RowCount, other) + Find(other._scorer, other.Rows.RowCount, this)) / 2;

    /// <summary>
    /// False where 32 rows, evenly taken, find so little in the other that all of both cannot reach the threshold: their mean errs by .03,
    /// and .2 is seven times that.
    /// </summary>
    public bool MayReach(double threshold, ComparedRows other) =>
        Rows.RowCount <= 2 * ProbeRows || Find(_probe, ProbeRows, other) >= threshold - ProbeLeeway;

    private static double Find(Lazy<MaxSimScorer> scorer, int count, ComparedRows other) =>
        scorer.Value.Score(other._packed.Value, other.Rows.RowCount) / (double)count;
}
