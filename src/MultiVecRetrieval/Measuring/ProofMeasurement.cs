using System.Diagnostics;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Search;

namespace MultiVecRetrieval.Measuring;

/// <summary>Measures, query by query, how many entries the upper bounds of a tier leave to be scored by their rows, and what bounds
/// cost.</summary>
/// <param name="layout">The entries.</param>
/// <param name="tier">One whose codec has bounds.</param>
/// <param name="tops">Numbers of hits.</param>
/// <param name="threads">How many scan.</param>
internal sealed class ProofMeasurement(EntryLayout layout, LiveTier tier, int[] tops, int threads)
{
    private readonly double[] _shares = new double[tops.Length];
    private double _nanoseconds;
    private double _workCount;
    private int _queryCount;

    /// <summary>Counts what the bounds of one query do not exclude.</summary>
    /// <param name="scorers">The query.</param>
    /// <param name="best">The best entries by exact scores, best first.</param>
    /// <param name="cancellationToken">Stops the scan.</param>
    public void Add(QueryScorers scorers, ScoredId[] best, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        using EntryScan scan = new(layout, scorers, tier);
        scan.Run(bounds: true, threads, cancellationToken);
        _nanoseconds += Stopwatch.GetElapsedTime(start).TotalNanoseconds * threads;
        _workCount += (double)layout.Count * scorers.Query.RowCount;
        _queryCount++;
        for (int i = 0; i < tops.Length; i++)
        {
            double last = tops[i] <= best.Length ? best[tops[i] - 1].Score : double.NegativeInfinity;
            int left = 0;
            for (int position = 0; position < layout.Count; position++)
            {
                left += layout.IsWanted(position) && !(scan[position] < last) ? 1 : 0;
            }

            _shares[i] += (double)left / Math.Max(1, layout.WantedCount);
        }
    }

    /// <summary>The means; null before the first query.</summary>
    public TierProof? GetResult() => _queryCount == 0 || _workCount == 0
        ? null
        : new TierProof(_nanoseconds / _workCount, [.. tops.Select((top, i) => new ProofShare(top, _shares[i] / _queryCount))]);
}
