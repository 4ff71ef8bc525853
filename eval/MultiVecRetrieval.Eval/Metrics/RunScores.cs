using MultiVecRetrieval.Eval.Trec;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Metrics;

/// <summary>The measures of a run over all judged queries, each with its 95 % bootstrap interval; a query that the run left out counts
/// 0.</summary>
internal sealed record RunScores(
    int QueryCount,
    ConfidenceInterval HitAt1,
    ConfidenceInterval HitAt10,
    ConfidenceInterval RecallAt1,
    ConfidenceInterval RecallAt10,
    ConfidenceInterval ReciprocalRank,
    ConfidenceInterval NdcgAt10,
    ConfidenceInterval AveragePrecision)
{
    /// <summary>Scores a run on the judged queries that <paramref name="include"/> admits (all when null).</summary>
    /// <exception cref="ArgumentException">No judged query is admitted.</exception>
    public static RunScores Compute(RankedRun run, Judgements judgements, Func<string, bool>? include = null)
    {
        List<(IReadOnlyList<string> Ranking, IReadOnlyDictionary<string, double> Gains)> queries =
            [.. judgements.QueryIds.Where(id => include is null || include(id)).Select(id => (run.Ranking(id), judgements.Of(id)))];

        ConfidenceInterval Interval(Func<IReadOnlyList<string>, IReadOnlyDictionary<string, double>, double> measure) =>
            ConfidenceInterval.OfMean([.. queries.Select(query => measure(query.Ranking, query.Gains))]);

        return new RunScores(
            queries.Count,
            Interval((ranking, gains) => RetrievalMetrics.HitAt(1, ranking, gains)),
            Interval((ranking, gains) => RetrievalMetrics.HitAt(10, ranking, gains)),
            Interval((ranking, gains) => RetrievalMetrics.RecallAt(1, ranking, gains)),
            Interval((ranking, gains) => RetrievalMetrics.RecallAt(10, ranking, gains)),
            Interval(RetrievalMetrics.ReciprocalRank),
            Interval((ranking, gains) => RetrievalMetrics.NdcgAt(10, ranking, gains)),
            Interval(RetrievalMetrics.AveragePrecision));
    }
}
