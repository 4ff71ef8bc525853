namespace MultiVecRetrieval.Eval.Benchmarks.Copies;

/// <summary>Average precision over all pairs at once, by which the descriptors of DVSC are judged: one threshold for every query.</summary>
internal static class PairPrecision
{
    /// <summary>Σ precision × growth of the recall over falling scores; pairs of one score come together.</summary>
    /// <param name="pairs">Pairs with their scores; of one that stands several times the best counts.</param>
    /// <param name="truth">The true pairs.</param>
    /// <returns>In [0, 1]; 0 without true pairs.</returns>
    public static double Compute(
        IEnumerable<(string Query, string Reference, double Score)> pairs, IReadOnlySet<(string Query, string Reference)> truth)
    {
        if (truth.Count == 0)
        {
            return 0;
        }

        int found = 0;
        int right = 0;
        double sum = 0;
        foreach (var tied in pairs.GroupBy(pair => (pair.Query, pair.Reference), pair => pair.Score)
            .Select(group => (Pair: group.Key, Score: group.Max())).GroupBy(pair => pair.Score).OrderByDescending(group => group.Key))
        {
            int grown = tied.Count(pair => truth.Contains(pair.Pair));
            found += tied.Count();
            right += grown;
            sum += (double)right / found * grown / truth.Count;
        }

        return sum;
    }
}
