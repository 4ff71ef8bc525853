namespace MultiVecRetrieval.Eval.Metrics;

/// <summary>The measures of moment retrieval, for one query: windows that were found, in their order, against the true ones.</summary>
/// <remarks>Definitions: Gao et al., TALL, ICCV 2017 (recall); Lei et al., QVHighlights, NeurIPS 2021 (average precision).</remarks>
internal static class WindowMetrics
{
    /// <summary>The thresholds that average precision is averaged over: .5, .55, ... .95.</summary>
    public static IReadOnlyList<double> Thresholds { get; } = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];

    /// <summary>1 when one of the first n windows has at least this IoU with a true one, otherwise 0.</summary>
    public static double RecallAt(int n, double threshold, IReadOnlyList<TimeWindow> found, IReadOnlyList<TimeWindow> truth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        return found.Take(n).Any(window => Best(window, truth) >= threshold) ? 1 : 0;
    }

    /// <summary>IoU of the first window with the true one that it fits best; 0 without a window.</summary>
    public static double FirstIntersectionOverUnion(IReadOnlyList<TimeWindow> found, IReadOnlyList<TimeWindow> truth) =>
        found.Count == 0 ? 0 : Best(found[0], truth);

    /// <summary>
    /// Average precision with precisions made monotone, as in Pascal VOC 2011: the first ten windows by falling score, each matched with
    /// the free true window that it fits best, and right when their IoU reaches the threshold.
    /// </summary>
    public static double AveragePrecision(double threshold, IReadOnlyList<TimeWindow> found, IReadOnlyList<TimeWindow> truth)
    {
        const int Most = 10;
        if (truth.Count == 0 || found.Count == 0)
        {
            return 0;
        }

        bool[] isTaken = new bool[truth.Count];
        List<double> precisions = [];
        List<double> recalls = [];
        int right = 0;
        foreach (TimeWindow window in found.Take(Most).OrderByDescending(window => window.Score))
        {
            int match = Enumerable.Range(0, truth.Count).Where(i => !isTaken[i] && window.IntersectionOverUnion(truth[i]) >= threshold)
                .OrderByDescending(i => window.IntersectionOverUnion(truth[i])).ThenByDescending(i => i).FirstOrDefault(-1);
            if (match >= 0)
            {
                isTaken[match] = true;
                right++;
            }

            precisions.Add((double)right / (precisions.Count + 1));
            recalls.Add((double)right / truth.Count);
        }

        return Interpolate(precisions, recalls);
    }

    // Where the recall grows, its growth times the best precision from there on.
    private static double Interpolate(List<double> precisions, List<double> recalls)
    {
        double sum = 0;
        double best = 0;
        for (int i = precisions.Count - 1; i >= 0; i--)
        {
            best = Math.Max(best, precisions[i]);
            sum += (recalls[i] - (i > 0 ? recalls[i - 1] : 0)) * best;
        }

        return sum;
    }

    private static double Best(TimeWindow window, IReadOnlyList<TimeWindow> truth) =>
        truth.Count == 0 ? 0 : truth.Max(window.IntersectionOverUnion);
}
