namespace MultiVecRetrieval.Search;

/// <summary>
/// Joins the parts of a question as <see cref="PartJoin"/> says; for all of them the evidence e of each counts as d + (1 - d) e, d being
/// <see cref="Doubt"/>, so that what meets some of them still stands in order.
/// </summary>
internal static class PartFusion
{
    /// <summary>Evidence of a part of the question that nothing speaks for.</summary>
    private const double Doubt = 0.02;

    /// <summary>The entries that any part which is not excluded found, in no particular order; scores in [0, 1].</summary>
    /// <param name="parts">The parts of the question, at least one of them not excluded.</param>
    /// <param name="evidence">What speaks for each entry, by part; in [0, 1].</param>
    /// <param name="join">How they meet.</param>
    public static List<ScoredEntry> Join(IReadOnlyList<SearchPart> parts, IReadOnlyList<Dictionary<long, double>> evidence, PartJoin join)
    {
        int[] wanted = [.. Enumerable.Range(0, parts.Count).Where(i => !parts[i].IsExcluded)];
        int[] excluded = [.. Enumerable.Range(0, parts.Count).Where(i => parts[i].IsExcluded)];
        double sum = wanted.Sum(i => parts[i].Weight);
        double most = wanted.Max(i => parts[i].Weight);
        return [.. wanted.SelectMany(i => evidence[i].Keys).Distinct().Select(id =>
        {
            double met = join == PartJoin.Any
                ? wanted.Max(i => evidence[i].GetValueOrDefault(id) * parts[i].Weight / most)
                : wanted.Aggregate(1.0, (product, i) =>
                    product * Math.Pow(Doubt + ((1 - Doubt) * evidence[i].GetValueOrDefault(id)), parts[i].Weight / sum));
            return new ScoredEntry(id, excluded.Aggregate(met, (left, i) =>
                left * (1 - (Math.Min(1, parts[i].Weight) * evidence[i].GetValueOrDefault(id)))));
        })];
    }
}
