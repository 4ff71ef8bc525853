namespace MultiVecRetrieval.Search;

/// <summary>Fuses ranked lists: score(e) = Σ over lists that hold e of weight / (60 + rank), rank from 1.</summary>
/// <remarks>Source: Cormack, Clarke and Büttcher, Reciprocal Rank Fusion outperforms Condorcet …, SIGIR 2009; k = 60 is theirs.</remarks>
internal static class ReciprocalRankFusion
{
    public const double K = 60;

    /// <summary>Fused entries in no particular order.</summary>
    public static List<ScoredEntry> Fuse(IReadOnlyList<RankedSide> sides)
    {
        Dictionary<long, double> scores = [];
        foreach (RankedSide side in sides)
        {
            for (int i = 0; i < side.Entries.Count; i++)
            {
                long id = side.Entries[i].EntryId;
                scores[id] = scores.GetValueOrDefault(id) + (side.Weight / (K + i + 1));
            }
        }

        return [.. scores.Select(pair => new ScoredEntry(pair.Key, pair.Value))];
    }
}
