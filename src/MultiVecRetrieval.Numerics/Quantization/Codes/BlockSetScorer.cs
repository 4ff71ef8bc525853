using System.Runtime.CompilerServices;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Codes;

namespace MultiVecRetrieval.Numerics.Quantization.Codes;

/// <summary>Scores entries 512 at a time as bit-sliced sets of at most 256 codes.</summary>
internal abstract class BlockSetScorer(CodeTable table, InstructionSet instructionSet) : CodeScorer
{
    // Below this many wanted entries of a block, probing one by one is faster than the whole block.
    private const int MinBlockWantedCount = 24;

    /// <summary>The kernel with the ranked table.</summary>
    protected SlicedSetKernel Kernel { get; } = new(new RankedTable(table.Similarities, table.CodeCount), instructionSet);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, Span<float> scores)
    {
        Span<byte> scratch = stackalloc byte[SlicedSets.MaxCodeCount * SlicedSets.PlaneSize];
        Span<byte> wanted = stackalloc byte[SlicedSets.PlaneSize];
        Span<float> rest = stackalloc float[SlicedSets.BlockEntryCount];
        for (int first = 0; first < scores.Length; first += SlicedSets.BlockEntryCount)
        {
            int count = Math.Min(SlicedSets.BlockEntryCount, scores.Length - first);
            if (count < MinBlockWantedCount)
            {
                for (int entry = first; entry < first + count; entry++)
                {
                    scores[entry] = ScoreOne(chunk, scores.Length, entry);
                }

                continue;
            }

            WantFirst(wanted, count);
            ReadOnlySpan<byte> block = GetBlock(chunk, scores.Length, first / SlicedSets.BlockEntryCount, wanted, scratch);
            if (count == SlicedSets.BlockEntryCount)
            {
                Kernel.Score(block, wanted, scores.Slice(first, count));
            }
            else
            {
                Kernel.Score(block, wanted, rest);
                rest[..count].CopyTo(scores[first..]);
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, int entryCount, ReadOnlySpan<int> entries, Span<float> scores)
    {
        Span<byte> scratch = stackalloc byte[SlicedSets.MaxCodeCount * SlicedSets.PlaneSize];
        Span<byte> wanted = stackalloc byte[SlicedSets.PlaneSize];
        Span<float> blockScores = stackalloc float[SlicedSets.BlockEntryCount];
        for (int first = 0, end; first < entries.Length; first = end)
        {
            int block = entries[first] / SlicedSets.BlockEntryCount;
            end = first;
            wanted.Clear();
            while (end < entries.Length && entries[end] / SlicedSets.BlockEntryCount == block)
            {
                int entry = entries[end++] % SlicedSets.BlockEntryCount;
                wanted[entry / 8] |= (byte)(1 << (entry % 8));
            }

            if (end - first < MinBlockWantedCount)
            {
                for (int i = first; i < end; i++)
                {
                    scores[i] = ScoreOne(chunk, entryCount, entries[i]);
                }

                continue;
            }

            Kernel.Score(GetBlock(chunk, entryCount, block, wanted, scratch), wanted, blockScores);
            for (int i = first; i < end; i++)
            {
                scores[i] = blockScores[entries[i] % SlicedSets.BlockEntryCount];
            }
        }
    }

    /// <inheritdoc/>
    public override void ScoreUpperBounds(ReadOnlySpan<byte> chunk, Span<float> bounds)
    {
        if (!table.HasBounds)
        {
            base.ScoreUpperBounds(chunk, bounds);
        }

        Span<byte> scratch = stackalloc byte[SlicedSets.MaxCodeCount * SlicedSets.PlaneSize];
        Span<byte> wanted = stackalloc byte[SlicedSets.PlaneSize];
        Span<byte> ranks = stackalloc byte[SlicedSets.BlockEntryCount];
        Span<double> sums = stackalloc double[SlicedSets.BlockEntryCount];
        ReadOnlySpan<byte> reaches = GetReaches(chunk, bounds.Length);
        for (int first = 0; first < bounds.Length; first += SlicedSets.BlockEntryCount)
        {
            int count = Math.Min(SlicedSets.BlockEntryCount, bounds.Length - first);
            WantFirst(wanted, count);
            ReadOnlySpan<byte> block = GetBlock(chunk, bounds.Length, first / SlicedSets.BlockEntryCount, wanted, scratch);
            sums.Clear();
            for (int row = 0; row < table.QueryRowCount; row++)
            {
                Kernel.FindRanks(block, wanted, row, ranks);
                for (int entry = 0; entry < count; entry++)
                {
                    float similarity = Kernel.Table.Values[(row * RankedTable.RowLength) + ranks[entry]];
                    double minCosine = (double)EntryReach.Read(reaches, first + entry).Spread;
                    sums[entry] += table.QueryNorms[row] * Math.Max(0, table.GetCosineBound(row, similarity, minCosine));
                }
            }

            for (int entry = 0; entry < count; entry++)
            {
                bounds[first + entry] = table.GetBound(sums[entry], EntryReach.Read(reaches, first + entry).MaxNorm);
            }
        }
    }

    /// <summary>A block in whole planes of 64 bytes; entries that are not wanted may be missing.</summary>
    protected abstract ReadOnlySpan<byte> GetBlock(
        ReadOnlySpan<byte> chunk, int entryCount, int block, ReadOnlySpan<byte> wanted, Span<byte> scratch);

    /// <summary>The score of one entry.</summary>
    protected abstract float ScoreOne(ReadOnlySpan<byte> chunk, int entryCount, int entry);

    /// <summary>The reaches of the entries.</summary>
    protected abstract ReadOnlySpan<byte> GetReaches(ReadOnlySpan<byte> chunk, int entryCount);

    private static void WantFirst(Span<byte> wanted, int count)
    {
        wanted.Clear();
        wanted[..(count / 8)].Fill(0xFF);
        if (count % 8 > 0)
        {
            wanted[count / 8] = (byte)((1 << (count % 8)) - 1);
        }
    }
}
