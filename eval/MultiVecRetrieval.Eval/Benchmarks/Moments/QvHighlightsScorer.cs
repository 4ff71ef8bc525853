using System.Globalization;
using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Eval.Benchmarks.Moments;

/// <summary>
/// The scores of QVHighlights by its names. A question without windows counts 0; the official script leaves it out of the mean average
/// precision and fails on the recall.
/// </summary>
/// <remarks>Definitions: jayleicn/moment_detr, <c>standalone_eval/eval.py</c>.</remarks>
internal static class QvHighlightsScorer
{
    private static readonly (string Name, double Above, double UpTo)[] Lengths =
        [("short", 0, 10), ("middle", 10, 30), ("long", 30, 150), ("full", 0, 150)];

    private static readonly (string Name, int Least)[] Levels = [("Fair", 2), ("Good", 3), ("VeryGood", 4)];

    /// <summary>Scores by question; those by the length of the true windows only of questions that have such.</summary>
    public static IReadOnlyList<SpecialScore> Score(
        IReadOnlyList<MomentQuery> queries, IReadOnlyDictionary<string, MomentPrediction> predictions)
    {
        List<SpecialScore> scores = [];
        foreach ((string name, double above, double upTo) in Lengths)
        {
            AddWindows(scores, name, [.. queries.Select(query => name == "full" ? query : OfLength(query, above, upTo)).Where(query => query.Truth.Count > 0)],
                predictions);
        }

        MomentQuery[] judged =
            [.. queries.Where(query => query.Saliency is not null && predictions.GetValueOrDefault(query.Id)?.Saliency is not null)];
        foreach ((string name, int least) in judged.Length == 0 ? [] : Levels)
        {
            scores.Add(new SpecialScore($"HL-min-{name}-mAP", ToValues(judged, query => HighlightPrecision(query, predictions[query.Id], least))));
            scores.Add(new SpecialScore($"HL-min-{name}-Hit1", ToValues(judged, query => HighlightMetrics.HitAtOne(
                [.. query.Saliency!.Select(clip => (IReadOnlyList<bool>)[.. clip.Select(score => score >= least)])],
                    predictions[query.Id].Saliency!))));
        }

        return scores;
    }

    /// <summary>The means as the official script prints them: in percent, rounded to two decimals.</summary>
    public static IReadOnlyDictionary<string, double> ToOfficial(IReadOnlyList<SpecialScore> scores) =>
        scores.ToDictionary(score => score.Name, score => DecimalRounding.Round(100 * score.Mean, 2), StringComparer.Ordinal);

    private static void AddWindows(
        List<SpecialScore> scores, string name, MomentQuery[] queries, IReadOnlyDictionary<string, MomentPrediction> predictions)
    {
        foreach (double threshold in WindowMetrics.Thresholds)
        {
            string at = threshold.ToString(CultureInfo.InvariantCulture);
            scores.Add(new SpecialScore($"MR-{name}-R1@{at}", ToValues(queries, query => WindowMetrics.RecallAt(1, threshold, Windows(query), query.Truth))));
            scores.Add(new SpecialScore(
                $"MR-{name}-mAP@{at}", ToValues(queries, query => WindowMetrics.AveragePrecision(threshold, Windows(query), query.Truth))));
        }

        scores.Add(new SpecialScore($"MR-{name}-mAP", ToValues(queries, query =>
            WindowMetrics.Thresholds.Average(threshold => WindowMetrics.AveragePrecision(threshold, Windows(query), query.Truth)))));

        IReadOnlyList<TimeWindow> Windows(MomentQuery query) => predictions.GetValueOrDefault(query.Id)?.Windows ?? [];
    }

    private static MomentQuery OfLength(MomentQuery query, double above, double upTo) =>
        query with { Truth = [.. query.Truth.Where(window => window.Length > above && window.Length <= upTo)] };

    // The mean over annotators.
    private static double HighlightPrecision(MomentQuery query, MomentPrediction prediction, int least) =>
        query.Saliency!.Count == 0 ? 0 : Enumerable.Range(0, query.Saliency[0].Count).Average(annotator =>
            HighlightMetrics.AveragePrecision([.. query.Saliency.Select(clip => clip[annotator] >= least)], prediction.Saliency!));

    private static Dictionary<string, double> ToValues(MomentQuery[] queries, Func<MomentQuery, double> measure) =>
        queries.ToDictionary(query => query.Id, measure, StringComparer.Ordinal);
}
