namespace MultiVecRetrieval.Numerics;

/// <summary>
/// Groups items so that every member is near the first of its group, which is the one of them that is preferred. Chains (single link)
/// drift: each picture of a series is near the next, and the first and the last show different things. Complete link bounds that, and
/// parts two cuts of one picture although the picture itself is there. Here a group is as wide as the threshold around its leader, and
/// what is said of a member, that it repeats the leader, was compared.
/// </summary>
/// <remarks>Source: the leader algorithm (Hartigan, Clustering Algorithms, 1975), with the order given and members that move to the nearest
/// leader.</remarks>
public static class LeaderGrouping
{
    // Candidates of so many leaders are looked up side by side; more of them waste look-ups of what becomes a member meanwhile.
    private const int BatchSize = 64;

    /// <summary>Groups items.</summary>
    /// <param name="count">Items, numbered in the order of preference: an item leads unless one before it is near.</param>
    /// <param name="candidates">The items behind an item that may be near it; called from several threads.</param>
    /// <param name="similarity">How near two items are, negative infinity for not at all; called from several threads.</param>
    /// <param name="threshold">The similarity from which two items are near.</param>
    /// <param name="progress">Told how many items are done; may be null.</param>
    /// <param name="cancellationToken">Stops between leaders.</param>
    /// <returns>Groups of two and more, in the order of their leaders. An item is in one of them at most: in that of the leader it is
    /// nearest to, the first of several.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<SimilarGroup> Group(
        int count, Func<int, IReadOnlyList<int>> candidates, Func<int, int, double> similarity, double threshold,
        IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(similarity);
        (int Leader, double Similarity)[] nearest = new (int, double)[count];
        Array.Fill(nearest, (-1, double.NegativeInfinity));
        ParallelOptions parallel = new() { CancellationToken = cancellationToken };
        for (int start = 0; start < count; start += BatchSize)
        {
            int[] leaders = [.. Enumerable.Range(start, Math.Min(BatchSize, count - start)).Where(item => nearest[item].Leader < 0)];
            IReadOnlyList<int>[] found = new IReadOnlyList<int>[leaders.Length];
            Parallel.For(0, leaders.Length, parallel, i => found[i] = candidates(leaders[i]));
            for (int i = 0; i < leaders.Length; i++)
            {
                if (nearest[leaders[i]].Leader < 0)
                {
                    Lead(leaders[i], found[i], similarity, threshold, nearest, parallel);
                }
            }

            progress?.Report(Math.Min(count, start + BatchSize));
        }

        return [.. Enumerable.Range(0, count).Where(item => nearest[item].Leader >= 0).GroupBy(item => nearest[item].Leader)
            .OrderBy(group => group.Key)
            .Select(group => new SimilarGroup(group.Key, [.. group.Select(item => new SimilarItem(item, nearest[item].Similarity))
                .OrderByDescending(member => member.Similarity).ThenBy(member => member.Item)]))];
    }

    private static void Lead(int leader, IReadOnlyList<int> candidates, Func<int, int, double> similarity, double threshold,
        (int Leader, double Similarity)[] nearest, ParallelOptions parallel)
    {
        double[] similarities = new double[candidates.Count];
        Parallel.For(0, candidates.Count, parallel, i => similarities[i] = similarity(leader, candidates[i]));
        for (int i = 0; i < similarities.Length; i++)
        {
            if (similarities[i] >= threshold && similarities[i] > nearest[candidates[i]].Similarity)
            {
                nearest[candidates[i]] = (leader, similarities[i]);
            }
        }
    }
}
