namespace MultiVecRetrieval.Eval.Metrics;

/// <summary>The measures of highlights, for one query: a score for each clip of a video against what annotators gave it.</summary>
/// <remarks>Definitions: Lei et al., QVHighlights, NeurIPS 2021.</remarks>
internal static class HighlightMetrics
{
    /// <summary>
    /// Average precision of clip scores: clips of equal score come together, precisions are made monotone with the threshold and averaged
    /// where the recall changes. 0 without a positive clip, 1 where all are.
    /// </summary>
    /// <param name="isPositive">Of each clip of the video.</param>
    /// <param name="scores">Of each clip; those that are missing count as 0, those too many are left out.</param>
    public static double AveragePrecision(IReadOnlyList<bool> isPositive, IReadOnlyList<double> scores)
    {
        int positives = isPositive.Count(positive => positive);
        if (positives == 0 || positives == isPositive.Count)
        {
            return positives == 0 ? 0 : 1;
        }

        List<(int Right, double Precision)> points = [];
        int right = 0;
        int taken = 0;
        foreach (var tied in Enumerable.Range(0, isPositive.Count).GroupBy(i => i < scores.Count ? scores[i] : 0)
            .OrderByDescending(group => group.Key))
        {
            taken += tied.Count();
            right += tied.Count(i => isPositive[i]);
            points.Add((right, (double)right / taken));
        }

        // From the lowest threshold up: a point counts where the next higher threshold finds fewer.
        double best = 0;
        List<double> counted = [];
        for (int i = points.Count - 1; i >= 0; i--)
        {
            best = Math.Max(best, points[i].Precision);
            if (points[i].Right != (i > 0 ? points[i - 1].Right : 0))
            {
                counted.Add(best);
            }
        }

        return counted.Average();
    }

    /// <summary>1 when the first clip of the highest score is positive for any annotator, otherwise 0.</summary>
    /// <param name="isPositive">Of each clip, for each annotator.</param>
    /// <param name="scores">Of each clip.</param>
    public static double HitAtOne(IReadOnlyList<IReadOnlyList<bool>> isPositive, IReadOnlyList<double> scores)
    {
        if (scores.Count == 0)
        {
            return 0;
        }

        int top = Enumerable.Range(0, scores.Count).MaxBy(i => scores[i]);
        return top < isPositive.Count && isPositive[top].Any(positive => positive) ? 1 : 0;
    }
}
