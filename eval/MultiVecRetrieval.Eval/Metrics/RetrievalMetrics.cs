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

    /// <summary>Average precision of the first k, over all relevant keys, as <c>map_cut</c> of trec_eval: keys beyond count 0.</summary>
    public static double AveragePrecisionAt(int k, IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        return AveragePrecision([.. ranking.Take(k)], gains);
    }

    /// <summary>Average precision of the first k, over as many relevant keys as could stand there: the sum of precisions divided by
    /// min(k, relevant keys), so that a perfect ranking has 1 at every k.</summary>
    /// <remarks>Source: Baldrati et al., Zero-Shot Composed Image Retrieval with Textual Inversion, ICCV 2023 (CIRCO).</remarks>
    public static double CappedAveragePrecisionAt(int k, IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains)
    {
        int relevant = gains.Values.Count(IsRelevant);
        return relevant == 0 ? 0 : AveragePrecisionAt(k, ranking, gains) * relevant / Math.Min(k, relevant);
    }

    /// <summary>The share of the first k that is relevant; places that the ranking does not fill count 0.</summary>
    public static double PrecisionAt(int k, IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains) =>
        (double)RelevantAmongFirst(k, ranking, gains) / k;

    /// <summary>1 / rank of the first relevant key when it is among the first k, otherwise 0.</summary>
    public static double ReciprocalRankAt(int k, IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        return ReciprocalRank([.. ranking.Take(k)], gains);
    }

    /// <summary>Harmonic mean of precision and recall of the first k; 0 when both are.</summary>
    public static double F1At(int k, IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains)
    {
        double precision = PrecisionAt(k, ranking, gains);
        double recall = RecallAt(k, ranking, gains);
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }

    /// <summary>The same as <see cref="NdcgAt"/> with the gain 2^gain - 1.</summary>
    public static double ExponentialNdcgAt(int k, IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains) =>
        NdcgAt(k, ranking, gains.ToDictionary(pair => pair.Key, pair => Math.Pow(2, Math.Max(0, pair.Value)) - 1, StringComparer.Ordinal));

    /// <summary>Rank of the first relevant key, from 1; one more than the ranking has keys when there is none. Lower is better.</summary>
    public static double FirstRank(IReadOnlyList<string> ranking, IReadOnlyDictionary<string, double> gains)
    {
        double reciprocal = ReciprocalRank(ranking, gains);
        return reciprocal == 0 ? ranking.Count + 1 : Math.Round(1 / reciprocal);
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
