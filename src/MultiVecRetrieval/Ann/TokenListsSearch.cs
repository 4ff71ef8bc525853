using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Ann;

/// <summary>One search of <see cref="TokenLists"/>.</summary>
internal static class TokenListsSearch
{
    /// <summary>Searches with checked arguments.</summary>
    public static TokenListsResult Run(TokenLists lists, MultiVectorView query, TokenListsOptions options, ReadOnlySpan<ulong> wanted)
    {
        int centroidCount = lists.Codebook.Count;
        int probeCount = GetProbeCount(lists, options, wanted);
        if (probeCount == 0)
        {
            return new TokenListsResult([], double.NegativeInfinity, 0);
        }

        float[] rented = ArrayPool<float>.Shared.Rent(query.RowCount * centroidCount);
        Span<float> similarities = rented.AsSpan(0, query.RowCount * centroidCount);
        lists.Codebook.Centroids.Multiply(query.Values, similarities);
        TokenProbe[] probes = new TokenProbe[query.RowCount];
        double imputedSum = 0;
        double unseenSum = 0;
        for (int row = 0; row < probes.Length; row++)
        {
            probes[row] =
                TokenProbe.Choose(lists, similarities.Slice(row * centroidCount, centroidCount), probeCount, options.ImputationCount);
            imputedSum += probes[row].Imputed;
            unseenSum += probes[row].Unseen;
        }

        // With all lists read nothing is imputed, and an entry that was not met has no codes.
        bool readsAll = probeCount == centroidCount;
        double unmetBound = readsAll ? double.NegativeInfinity : unseenSum;
        TopK best = new(options.CandidateCount);
        double bestDropped = double.NegativeInfinity;
        long postingCount = 0;
        double[] sums = ArrayPool<double>.Shared.Rent(TokenLists.BlockEntryCount);
        int[] lastRows = ArrayPool<int>.Shared.Rent(TokenLists.BlockEntryCount);
        for (int block = 0; block < lists.BlockCount; block++)
        {
            int firstEntry = block * TokenLists.BlockEntryCount;
            int entryCount = Math.Min(TokenLists.BlockEntryCount, lists.EntryCount - firstEntry);
            sums.AsSpan(0, entryCount).Clear();
            lastRows.AsSpan(0, entryCount).Fill(-1);
            for (int row = 0; row < probes.Length; row++)
            {
                postingCount += AddRow(lists, block, probes[row], row, sums, lastRows);
            }

            for (int entry = 0; entry < entryCount; entry++)
            {
                if (lastRows[entry] >= 0 && IsWanted(wanted, firstEntry + entry))
                {
                    double score = readsAll ? sums[entry] : imputedSum + sums[entry];
                    bestDropped = Math.Max(bestDropped, Offer(best, new ScoredId(firstEntry + entry, score)));
                }
            }
        }

        double slack = GetSlack(similarities, probes.Length);
        ArrayPool<float>.Shared.Return(rented);
        ArrayPool<double>.Shared.Return(sums);
        ArrayPool<int>.Shared.Return(lastRows);

        // Each row that was not met adds at most what lies between the imputed similarity and the best centroid that was not read.
        double droppedBound = bestDropped + (readsAll ? 0 : unseenSum - imputedSum);
        double bound = Math.Max(unmetBound, droppedBound);
        return new TokenListsResult(best.ToSortedArray(), double.IsFinite(bound) ? bound + slack : bound, postingCount);
    }

    // Offers a candidate; the score of the one that is not kept, or negative infinity while all are.
    private static double Offer(TopK best, ScoredId candidate)
    {
        double worst = best.Threshold;
        return !best.Add(candidate) ? candidate.Score : worst;
    }

    // Sums of imputed and met similarities round differently from the sum of the codes: float64 rounding of as many terms, then one to
    // float32.
    private static double GetSlack(ReadOnlySpan<float> similarities, int rowCount)
    {
        double largest = 0;
        foreach (float similarity in similarities)
        {
            largest = Math.Max(largest, Math.Abs(similarity));
        }

        return rowCount * largest * ((4.0 * rowCount / (1L << 52)) + (1.0 / (1 << 24)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long AddRow(TokenLists lists, int block, TokenProbe probe, int row, double[] sums, int[] lastRows)
    {
        long postingCount = 0;

        // Lists come by descending similarity: the first one that has an entry is its best.
        for (int i = 0; i < probe.Centroids.Length; i++)
        {
            ReadOnlySpan<ushort> list = lists.GetList(block, probe.Centroids[i]);
            double gain = probe.Similarities[i] - probe.Imputed;
            postingCount += list.Length;
            foreach (ushort entry in list)
            {
                if (lastRows[entry] != row)
                {
                    lastRows[entry] = row;
                    sums[entry] += gain;
                }
            }
        }

        return postingCount;
    }

    private static bool IsWanted(ReadOnlySpan<ulong> wanted, int entry)
        => wanted.IsEmpty || ((wanted[entry / 64] >> (entry % 64)) & 1) != 0;

    // A filter that leaves one entry in ten needs ten times the postings for as many candidates.
    private static int GetProbeCount(TokenLists lists, TokenListsOptions options, ReadOnlySpan<ulong> wanted)
    {
        long passing = lists.EntryCount;
        if (!wanted.IsEmpty)
        {
            passing = 0;
            for (int word = 0; word < (lists.EntryCount + 63) / 64; word++)
            {
                int bitCount = Math.Min(64, lists.EntryCount - (word * 64));
                passing += BitOperations.PopCount(wanted[word] & (bitCount == 64 ? ulong.MaxValue : (1UL << bitCount) - 1));
            }
        }

        return passing == 0
            ? 0
            : (int)Math.Min(lists.Codebook.Count, (((long)options.ProbeCount * lists.EntryCount) + passing - 1) / passing);
    }
}
