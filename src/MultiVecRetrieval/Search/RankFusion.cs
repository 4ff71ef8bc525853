namespace MultiVecRetrieval.Search;

/// <summary>Joins sides by their ranks or by how their scores are spread, for those who ask for it; see <see cref="FusionMethod"/>.</summary>
internal static class RankFusion
{
    // Scores beyond so many standard deviations count as those at the edge.
    private const double Deviations = 3;

    /// <summary>Scores in [0, 1] of every entry that a side ranks.</summary>
    public static Dictionary<long, double> Fuse(IReadOnlyList<RankedSide> sides, SideFusion fusion)
    {
        Dictionary<long, double> sums = [];
        double all = 0;
        foreach (RankedSide side in sides)
        {
            double weight = fusion.WeightOf(side.Name);
            bool isByRank = fusion.Method == FusionMethod.ReciprocalRank;
            all += isByRank ? weight / (fusion.RankConstant + 1) : weight;
            double[] shares = isByRank
                ? [.. side.Known.Select((_, i) => 1 / (fusion.RankConstant + i + 1))]
                : Spread([.. side.Known.Select(entry => entry.Score)]);
            for (int i = 0; i < shares.Length; i++)
            {
                long id = side.Known[i].EntryId;
                sums[id] = sums.GetValueOrDefault(id) + (weight * shares[i]);
            }
        }

        return all > 0 ? sums.ToDictionary(pair => pair.Key, pair => pair.Value / all) : [];
    }

    private static double[] Spread(double[] scores)
    {
        if (scores.Length == 0)
        {
            return [];
        }

        double mean = scores.Average();
        double deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
        return [.. scores.Select(score => deviation > 0
            ? Math.Clamp((score - mean + (Deviations * deviation)) / (2 * Deviations * deviation), 0, 1)
            : 0.5)];
    }
}
