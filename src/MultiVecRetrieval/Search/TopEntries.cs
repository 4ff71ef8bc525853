using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Catalogs;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Search;

/// <summary>Selects the best entries: by score, highest first; equal scores by the ordinal order of their keys.</summary>
internal static class TopEntries
{
    /// <param name="connection">Where keys are looked up, for ties only.</param>
    /// <param name="scored">The entries.</param>
    /// <param name="count">How many are wanted.</param>
    public static List<ScoredEntry> Select(SqliteConnection connection, List<ScoredEntry> scored, int count)
    {
        count = Math.Min(count, scored.Count);
        if (count == 0)
        {
            return [];
        }

        // The lowest score that makes the list; entries that share it compete by key, so all of them are looked at.
        double threshold = FindThreshold(scored, count);
        List<(ScoredEntry Entry, string? Key)> best = [];
        foreach (ScoredEntry entry in scored)
        {
            if (entry.Score.CompareTo(threshold) >= 0)
            {
                best.Add((entry, null));
            }
        }

        best.Sort((a, b) => Compare(a.Entry.Score, b.Entry.Score, a.Entry.EntryId, b.Entry.EntryId));
        for (int i = 0; i < best.Count; i++)
        {
            bool isTied = (i > 0 && best[i - 1].Entry.Score.Equals(best[i].Entry.Score))
                || (i + 1 < best.Count && best[i + 1].Entry.Score.Equals(best[i].Entry.Score));
            if (isTied)
            {
                best[i] = best[i] with { Key = CatalogQueries.GetEntryKey(connection, best[i].Entry.EntryId) };
            }
        }

        best.Sort((a, b) =>
        {
            int byScore = b.Entry.Score.CompareTo(a.Entry.Score);
            return byScore != 0 ? byScore : string.CompareOrdinal(a.Key, b.Key);
        });
        return [.. best.Take(count).Select(item => item.Entry)];
    }

    private static int Compare(double left, double right, long leftId, long rightId)
    {
        int byScore = right.CompareTo(left);
        return byScore != 0 ? byScore : leftId.CompareTo(rightId);
    }

    /// <summary>The score of the last one of the best entries.</summary>
    // TopK alone cannot select: it settles ties by id, and keys, which settle them here, are only looked up for entries that tie.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double FindThreshold(List<ScoredEntry> scored, int count)
    {
        TopK top = new(count);
        ReadOnlySpan<ScoredEntry> entries = CollectionsMarshal.AsSpan(scored);
        for (int i = 0; i < entries.Length; i++)
        {
            top.Add(i, entries[i].Score);
        }

        return top.Threshold;
    }
}
