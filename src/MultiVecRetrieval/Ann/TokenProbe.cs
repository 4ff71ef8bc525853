using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>What is read for one query row.</summary>
/// <param name="Centroids">By descending similarity.</param>
/// <param name="Similarities">Theirs.</param>
/// <param name="Imputed">What an entry that is in none of the lists counts with; 0 when all are read.</param>
/// <param name="Unseen">The greatest similarity of a centroid that is not read; 0 when all are.</param>
internal readonly record struct TokenProbe(int[] Centroids, float[] Similarities, double Imputed, double Unseen)
{
    // The imputed centroid is looked for among this many of the best, as WARP does with 128.
    private const int ImputationReach = 256;

    /// <summary>Chooses the lists of one query row.</summary>
    public static TokenProbe Choose(TokenLists lists, ReadOnlySpan<float> similarities, int probeCount, long imputationCount)
    {
        int reach = imputationCount == 0 ? probeCount + 1 : Math.Max(probeCount + 1, ImputationReach);
        TopK top = new(Math.Min(reach, similarities.Length));
        for (int centroid = 0; centroid < similarities.Length; centroid++)
        {
            top.Add(centroid, similarities[centroid]);
        }

        ScoredId[] ranked = top.ToSortedArray();
        int[] centroids = [.. ranked.Take(probeCount).Select(x => x.Id)];
        float[] values = [.. ranked.Take(probeCount).Select(x => (float)x.Score)];
        if (probeCount >= ranked.Length)
        {
            return new TokenProbe(centroids, values, 0, 0);
        }

        int imputed = probeCount;
        long met = 0;
        for (int rank = 0; imputationCount > 0 && rank < ranked.Length; rank++)
        {
            met += lists.ListSizes[ranked[rank].Id];
            imputed = Math.Max(probeCount, rank);
            if (met >= imputationCount)
            {
                break;
            }
        }

        return new TokenProbe(centroids, values, ranked[imputed].Score, ranked[probeCount].Score);
    }
}
