namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>Maximal marginal relevance: chooses what answers and differs from what was chosen before.</summary>
/// <remarks>Source: Carbonell and Goldstein, The Use of MMR, SIGIR 1998.</remarks>
public static class MarginalRelevance
{
    /// <summary>Chooses one after the other the candidate of the largest (1 - δ) r_i - δ max_j s(i, j), j over those chosen before; the
    /// first by relevance alone. Of equal ones the first in order.</summary>
    /// <param name="relevance">r: how well each candidate answers; higher is better.</param>
    /// <param name="count">Candidates to choose; all where there are fewer.</param>
    /// <param name="diversity">δ, in [0, 1]: 0 is the order of relevance.</param>
    /// <param name="similarity">s: how alike two candidates are, of the scale of the relevance; asked once for each candidate that is left
    /// and each that was chosen.</param>
    /// <param name="cancellationToken">Stops between choices.</param>
    /// <returns>Positions of the chosen candidates, in the order in which they were chosen.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<int> Choose(
        IReadOnlyList<double> relevance, int count, double diversity, Func<int, int, double> similarity,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(relevance);
        ArgumentNullException.ThrowIfNull(similarity);
        ArgumentOutOfRangeException.ThrowIfNegative(count);

        // What was chosen last is compared with what is left; the largest similarity so far is kept.
        double[] closest = new double[relevance.Count];
        Array.Fill(closest, double.NegativeInfinity);
        List<int> left = [.. Enumerable.Range(0, relevance.Count)];
        List<int> chosen = [];
        while (left.Count > 0 && chosen.Count < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int next = left.MaxBy(i => ((1 - diversity) * relevance[i]) - (chosen.Count == 0 ? 0 : diversity * closest[i]));
            left.Remove(next);
            chosen.Add(next);
            foreach (int i in chosen.Count < count ? left : [])
            {
                closest[i] = Math.Max(closest[i], similarity(i, next));
            }
        }

        return chosen;
    }
}
