using System.Globalization;
using Score = System.Func<System.Collections.Generic.IReadOnlyList<string>, System.Collections.Generic.IReadOnlyDictionary<string,
    double>, double>;

namespace MultiVecRetrieval.Eval.Metrics;

/// <summary>A measure of <see cref="RetrievalMetrics"/> by name, such as <c>ndcg@10</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Compute">Its value for a ranking against gains.</param>
internal sealed record Measure(string Name, Score Compute)
{
    private static readonly Dictionary<string, Func<int, Score>> Cut = new(StringComparer.Ordinal)
    {
        ["ndcg"] = k => (ranking, gains) => RetrievalMetrics.NdcgAt(k, ranking, gains),
        ["expndcg"] = k => (ranking, gains) => RetrievalMetrics.ExponentialNdcgAt(k, ranking, gains),
        ["recall"] = k => (ranking, gains) => RetrievalMetrics.RecallAt(k, ranking, gains),
        ["hit"] = k => (ranking, gains) => RetrievalMetrics.HitAt(k, ranking, gains),
        ["precision"] = k => (ranking, gains) => RetrievalMetrics.PrecisionAt(k, ranking, gains),
        ["f1"] = k => (ranking, gains) => RetrievalMetrics.F1At(k, ranking, gains),
        ["mrr"] = k => (ranking, gains) => RetrievalMetrics.ReciprocalRankAt(k, ranking, gains),
        ["map"] = k => (ranking, gains) => RetrievalMetrics.AveragePrecisionAt(k, ranking, gains),
        ["cappedmap"] = k => (ranking, gains) => RetrievalMetrics.CappedAveragePrecisionAt(k, ranking, gains),
    };

    private static readonly Dictionary<string, Score> Whole = new(StringComparer.Ordinal)
    {
        ["mrr"] = RetrievalMetrics.ReciprocalRank,
        ["map"] = RetrievalMetrics.AveragePrecision,
        ["rank"] = RetrievalMetrics.FirstRank,
    };

    /// <summary>Finds measures by name.</summary>
    public static IReadOnlyList<Measure> ParseAll(params IEnumerable<string> names) => [.. names.Select(Parse)];

    /// <summary>Finds a measure by name: one of ndcg, expndcg, recall, hit, precision, f1, mrr, map and cappedmap with <c>@k</c>, or mrr,
    /// map and rank as they are.</summary>
    /// <exception cref="ArgumentException">There is no such measure.</exception>
    public static Measure Parse(string name)
    {
        string[] parts = name.Split('@');
        if (parts.Length == 1 && Whole.TryGetValue(name, out Score? whole))
        {
            return new Measure(name, whole);
        }

        return parts.Length == 2 && Cut.TryGetValue(parts[0], out Func<int, Score>? cut)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int k) && k > 0
                ? new Measure(name, cut(k))
                : throw new ArgumentException(
                    $"There is no measure '{name}'; there are {string.Join(", ", Cut.Keys.Select(known => $"{known}@k"))}, {string.Join(", ", Whole.Keys)}.",
                    nameof(name));
    }
}
