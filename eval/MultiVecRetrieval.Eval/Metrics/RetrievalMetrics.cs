namespace MultiVecRetrieval.Eval.Metrics;

/// <summary>
/// The measures of ranked retrieval, for one query: a ranking of keys, best first and without repeats, against the
/// gains of the relevant keys. A key without a gain, or with a gain of 0 or less, is not relevant.
/// </summary>
/// <remarks>
/// Definitions: Manning, Raghavan and Schütze, Introduction to Information Retrieval, chapter 8; Järvelin and Kekäläinen,
/// "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002, with the discount log2(rank + 1) of trec_eval.
/// A query without relevant keys scores 0 throughout.
/// </remarks>
public static class RetrievalMetrics
{
    /// <summary>The share of the relevant keys that are among the first k, in [0, 1].</summary>
    public static double RecallAt(int k, IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains)
    {
        int relevant = gains.Values.Count(IsRelevant);
        return relevant == 0 ? 0 : (double)RelevantAmongFirst(k, ranking, gains) / relevant;
    }

    /// <summary>1 when a relevant key is among the first k, otherwise 0.</summary>
    public static double HitAt(int k, IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains) =>
        RelevantAmongFirst(k, ranking, gains) > 0 ? 1 : 0;

    /// <summary>1 / rank of the first relevant key, 0 when there is none.</summary>
    public static double ReciprocalRank(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains)
    {
        for (int i = 0; i < ranking.Count; i++)
        {
            if (IsRelevant(GainOf(ranking[i], gains)))
            {
                return 1.0 / (i + 1);
            }
        }
        return 0;
    }

    /// <summary>
    /// Normalised discounted cumulative gain of the first k with linear gain: Σ gain / log2(rank + 1), divided by the same
    /// sum over the best possible ranking; in [0, 1].
    /// </summary>
    public static double NdcgAt(int k, IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        double ideal = DiscountedSum(gains.Values.Where(IsRelevant).OrderDescending().Take(k));
        double actual = DiscountedSum(ranking.Take(k).Select(key => Math.Max(0, GainOf(key, gains))));
        return ideal == 0 ? 0 : actual / ideal;
    }

    /// <summary>
    /// Average precision: the precision at the rank of each relevant key, averaged over all relevant keys; keys that the
    /// ranking lacks count 0. Its mean over queries is MAP.
    /// </summary>
    public static double AveragePrecision(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains)
    {
        int relevant = gains.Values.Count(IsRelevant);
        int found = 0;
        double sum = 0;
        for (int i = 0; i < ranking.Count; i++)
        {
            if (IsRelevant(GainOf(ranking[i], gains)))
            {
                sum += (double)++found / (i + 1);
            }
        }
        return relevant == 0 ? 0 : sum / relevant;
    }

    private static int RelevantAmongFirst(int k, IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        return ranking.Take(k).Count(key => IsRelevant(GainOf(key, gains)));
    }

    private static double DiscountedSum(IEnumerable<double> gains) => gains.Select((gain, i) => gain / Math.Log2(i + 2)).Sum();

    private static double GainOf(string key, IReadOnlyDictionary<string, double> gains) => gains.GetValueOrDefault(key);

    private static bool IsRelevant(double gain) => gain > 0;
}
