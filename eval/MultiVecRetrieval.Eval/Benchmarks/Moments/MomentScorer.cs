using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Eval.Benchmarks.Moments;

/// <summary>The scores of Charades-STA, ActivityNet Captions and TaCoS: R@n at an IoU, and the mean IoU of the first window.</summary>
internal static class MomentScorer
{
    private static readonly double[] Thresholds = [0.3, 0.5, 0.7];

    /// <summary>Scores by question; one without an answer counts 0.</summary>
    public static IReadOnlyList<SpecialScore> Score(
        IReadOnlyList<MomentQuery> queries, IReadOnlyDictionary<string, MomentPrediction> predictions)
    {
        List<SpecialScore> scores = [];
        foreach (int n in (int[])[1, 5])
        {
            foreach (double threshold in Thresholds)
            {
                Add(FormattableString.Invariant($"R@{n} IoU={threshold:0.0}"), (found, truth) => WindowMetrics.RecallAt(n, threshold, found, truth));
            }
        }

        Add("mIoU", WindowMetrics.FirstIntersectionOverUnion);
        return scores;

        void Add(string name, Func<IReadOnlyList<TimeWindow>, IReadOnlyList<TimeWindow>, double> measure) => scores.Add(new SpecialScore(
            name,
            queries.Where(query => query.Truth.Count > 0).ToDictionary(
                query => query.Id, query => measure(predictions.GetValueOrDefault(query.Id)?.Windows ?? [], query.Truth),
                    StringComparer.Ordinal)));
    }
}
