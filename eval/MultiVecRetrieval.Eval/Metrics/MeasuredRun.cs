using MultiVecRetrieval.Eval.Trec;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Metrics;

/// <summary>The values of one measure, by judged query; a query that the run left out counts as one without hits.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Values">Its value by query, in the order of ids.</param>
internal sealed record MeasuredRun(Measure Measure, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>The mean with its 95 % interval.</summary>
    public ConfidenceInterval Mean => ConfidenceInterval.OfMean([.. Values.Values]);

    /// <summary>Measures a run on the judged queries that have a relevant key.</summary>
    /// <exception cref="ArgumentException">No query has one.</exception>
    public static IReadOnlyList<MeasuredRun> Compute(
        RankedRun run, Judgements judgements, IReadOnlyList<Measure> measures, RankingRule rule = RankingRule.TrecEval)
    {
        List<(string Id, IReadOnlyList<string> Ranking, IReadOnlyDictionary<string, double> Gains)> queries =
        [
            .. judgements.QueryIds.Select(id => (id, run.Ranking(id, rule), judgements.Of(id)))
                .Where(query => query.Item3.Values.Any(gain => gain > 0)),
        ];
        return queries.Count == 0
            ? throw new ArgumentException("No query has a relevant key.", nameof(judgements))
            : [.. measures.Select(measure => new MeasuredRun(
                measure, queries.ToDictionary(query => query.Id, query => measure.Compute(query.Ranking, query.Gains),
                    StringComparer.Ordinal)))];
    }
}
