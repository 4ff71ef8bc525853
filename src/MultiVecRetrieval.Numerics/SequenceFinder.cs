namespace MultiVecRetrieval.Numerics;

/// <summary>
/// Finds events that follow each other in a video: one stretch for each, in their order, none overlapping. A stretch is high inside and low
/// outside of it, as in <see cref="MomentFinder"/>; of all ways to place the stretches the one is taken that explains most of the scores of
/// all events together, each measured by how much it varies. Every stretch of every event is tried, behind the best placement of the events
/// before it.
/// </summary>
public static class SequenceFinder
{
    /// <summary>Finds the stretches.</summary>
    /// <param name="lengths">Length of each frame in seconds, in the order of time; above 0.</param>
    /// <param name="scores">Of each event, in their order, the score of each frame; higher is closer, finite.</param>
    /// <returns>The frames of each event and what they keep; null where there are fewer frames than events.</returns>
    /// <exception cref="ArgumentException">There are no events, lengths differ, or a value is not finite.</exception>
    public static EventSequence? Find(IReadOnlyList<double> lengths, IReadOnlyList<IReadOnlyList<double>> scores)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentNullException.ThrowIfNull(scores);
        Check(lengths, scores);
        if (lengths.Count < scores.Count)
        {
            return null;
        }

        StepFit[] events = [.. scores.Select(own => new StepFit(lengths, own))];
        (int First, int End)[] placed = Place(events);
        (int First, int End)[] free = [.. events.Select(own => own.FindBest())];
        double all = Sum(events, free);
        return new EventSequence(
            [.. placed.Select((own, i) => new FrameSpan(own.First, own.End, events[i].MeanWithin(own.First, own.End)))],
            all > 0 ? Math.Clamp(Sum(events, placed) / all, 0, 1) : 1);
    }

    private static double Sum(StepFit[] events, (int First, int End)[] placed) =>
        events.Select((own, i) => own.Explain(placed[i].First, placed[i].End)).Sum();

    // best[k, t]: what the first k events explain when they are over before frame t.
    private static (int First, int End)[] Place(StepFit[] events)
    {
        int[] cuts = events[0].Cuts(events.Length);
        double[,] best = new double[events.Length + 1, cuts.Length];
        (int First, int End)[,] taken = new (int, int)[events.Length + 1, cuts.Length];
        for (int k = 1; k <= events.Length; k++)
        {
            best[k, 0] = double.NegativeInfinity;
            for (int end = 1; end < cuts.Length; end++)
            {
                (best[k, end], taken[k, end]) = (best[k, end - 1], taken[k, end - 1]);
                for (int first = k - 1; first < end; first++)
                {
                    double sum = best[k - 1, first] + events[k - 1].Explain(cuts[first], cuts[end]);
                    if (sum > best[k, end])
                    {
                        (best[k, end], taken[k, end]) = (sum, (first, end));
                    }
                }
            }
        }

        (int First, int End)[] placed = new (int, int)[events.Length];
        int at = cuts.Length - 1;
        for (int k = events.Length; k > 0; k--)
        {
            (int first, int end) = taken[k, at];
            placed[k - 1] = (cuts[first], cuts[end]);
            at = first;
        }

        return placed;
    }

    private static void Check(IReadOnlyList<double> lengths, IReadOnlyList<IReadOnlyList<double>> scores)
    {
        if (scores.Count == 0)
        {
            throw new ArgumentException("There are no events.");
        }

        if (lengths.Any(length => !(length > 0) || !double.IsFinite(length)))
        {
            throw new ArgumentException("A frame has no length; each is finite and above 0.");
        }

        for (int k = 0; k < scores.Count; k++)
        {
            if (scores[k].Count != lengths.Count || scores[k].Any(score => !double.IsFinite(score)))
            {
                throw new ArgumentException(
                    $"Event {k} has {scores[k].Count} scores for {lengths.Count} frames; there is one for each, and it is finite.");
            }
        }
    }
}
