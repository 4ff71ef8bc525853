using System.Numerics;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tiers;

/// <summary>The token lists of one segment, read into memory. Thread-safe.</summary>
internal sealed class SegmentTokenLists(TokenLists lists, int probeCount) : SegmentIndex
{
    /// <inheritdoc/>
    /// <remarks>The score of an entry: per query row the best centroid in whose list it was met, or the best that was not read.</remarks>
    public override List<ScoredId> Find(MultiVector query, int budget, ReadOnlySpan<ulong> wanted)
    {
        if (lists.EntryCount == 0)
        {
            return [];
        }

        int wantedCount = lists.EntryCount;
        if (!wanted.IsEmpty)
        {
            wantedCount = 0;
            foreach (ulong word in wanted)
            {
                wantedCount += BitOperations.PopCount(word);
            }
        }

        int count = Math.Min(budget, lists.EntryCount);
        for (int probes = probeCount; ; probes = (int)Math.Min(lists.Codebook.Count, 2L * probes))
        {
            TokenListsOptions options = new() { ProbeCount = probes, CandidateCount = count };
            ScoredId[] found = lists.Search(query.View, options, wanted).Candidates;

            // The lists read may hold fewer entries than are asked for; all lists hold every entry.
            if (found.Length >= Math.Min(count, wantedCount) || probes == lists.Codebook.Count)
            {
                return [.. found];
            }
        }
    }

    public override void Dispose()
    {
    }
}
