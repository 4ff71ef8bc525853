namespace MultiVecRetrieval.Numerics;

/// <summary>
/// Finds the stretches of a video in which a score per frame is high. A moment is the box that fits the scores best by least squares: high
/// inside, low outside. Of n seconds with the share p inside and the means a inside and b outside it explains n p (1 - p) (a - b)²; all
/// pairs of a first and a last frame are tried, by prefix sums. Inside minus outside alone (TFVTG, ECCV 2024) is always largest for the
/// single best frame and needs a least width.
/// </summary>
public static class MomentFinder
{
    /// <summary>Moments that share more than this part of the shorter span with a better one are left out.</summary>
    private const double MaxShared = 0.3;

    /// <summary>Finds the best moments, best first.</summary>
    /// <param name="starts">Start of each frame's span in seconds, in order.</param>
    /// <param name="ends">End of each frame's span; after its start.</param>
    /// <param name="scores">Score of each frame; higher is closer. A frame that is not finite counts as the least of the others.</param>
    /// <param name="count">Moments wanted at most.</param>
    /// <returns>Moments that do not overlap much and whose mean lies above that of the whole; none where all frames score the
    /// same.</returns>
    /// <exception cref="ArgumentException">Lengths differ, or spans are not in order.</exception>
    public static IReadOnlyList<Moment> Find(
        IReadOnlyList<double> starts, IReadOnlyList<double> ends, IReadOnlyList<double> scores, int count)
    {
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(ends);
        ArgumentNullException.ThrowIfNull(scores);
        Check(starts, ends, scores);
        if (scores.Count == 0 || count < 1)
        {
            return [];
        }

        double least = scores.Where(double.IsFinite).DefaultIfEmpty(0).Min();
        StepFit fit = new(
            [.. ends.Select((end, i) => end - starts[i])], [.. scores.Select(score => double.IsFinite(score) ? score : least)]);
        List<(double Gain, int First, int Last)> boxes = [];
        foreach ((int first, int last) in fit.Stretches())
        {
            double gain = fit.ExplainSquares(first, last);
            if (gain > 0)
            {
                boxes.Add((gain, first, last));
            }
        }

        boxes.Sort((a, b) => (b.Gain, a.First, a.Last).CompareTo((a.Gain, b.First, b.Last)));
        List<Moment> moments = [];
        foreach ((double _, int first, int last) in boxes)
        {
            Moment moment = new(starts[first], ends[last - 1], fit.MeanWithin(first, last));
            if (moments.All(better => GetShared(better, moment) <= MaxShared * Math.Min(better.Length, moment.Length)))
            {
                moments.Add(moment);
                if (moments.Count == count)
                {
                    break;
                }
            }
        }

        return moments;
    }

    /// <summary>The time that two spans share, as a share of the time that they cover together.</summary>
    public static double Overlap(Moment a, Moment b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        double covered = a.Length + b.Length - GetShared(a, b);
        return covered > 0 ? GetShared(a, b) / covered : 0;
    }

    private static double GetShared(Moment a, Moment b) =>
        Math.Max(0, Math.Min(a.EndSeconds, b.EndSeconds) - Math.Max(a.StartSeconds, b.StartSeconds));

    private static void Check(IReadOnlyList<double> starts, IReadOnlyList<double> ends, IReadOnlyList<double> scores)
    {
        if (starts.Count != scores.Count || ends.Count != scores.Count)
        {
            throw new ArgumentException($"{starts.Count} starts and {ends.Count} ends were given for {scores.Count} scores.");
        }

        for (int i = 0; i < starts.Count; i++)
        {
            if (!(ends[i] > starts[i]) || (i > 0 && starts[i] < ends[i - 1] - 1e-3))
            {
                throw new ArgumentException($"Frame {i} lasts from {starts[i]} to {ends[i]}; spans run forward and do not overlap.");
            }
        }
    }
}
