using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Numerics.Kernels.Codes;

/// <summary>Scores bit-sliced sets against a ranked table: Σ_i max over the codes of the set. Thread-safe; allocates nothing.</summary>
internal sealed class SlicedSetKernel(RankedTable table, InstructionSet instructionSet)
{
    // Ranks of this many query rows are kept at a time, 8 KiB beside a block of 16 KiB in the L1 cache.
    private const int PanelRowCount = 16;

    /// <summary>The table.</summary>
    public RankedTable Table { get; } = table;

    /// <summary>Scores a block.</summary>
    /// <param name="block">Whole planes of 64 bytes.</param>
    /// <param name="wanted">One bit per entry, 64 bytes; each has at least one code.</param>
    /// <param name="scores">512 scores; those of entries that are not wanted mean nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Score(ReadOnlySpan<byte> block, ReadOnlySpan<byte> wanted, Span<float> scores)
    {
        Span<double> sums = stackalloc double[SlicedSets.BlockEntryCount];
        Span<byte> ranks = stackalloc byte[PanelRowCount * SlicedSets.BlockEntryCount];
        Span<int> rankEnds = stackalloc int[PanelRowCount];
        sums.Clear();
        for (int first = 0; first < Table.QueryRowCount; first += PanelRowCount)
        {
            int rowCount = Math.Min(PanelRowCount, Table.QueryRowCount - first);
            for (int row = 0; row < rowCount; row++)
            {
                rankEnds[row] =
                    FindRanks(block, wanted, first + row, ranks.Slice(row * SlicedSets.BlockEntryCount, SlicedSets.BlockEntryCount));
            }

            RankSums.Add(instructionSet, ranks, Table.Values.AsSpan(first * RankedTable.RowLength), rankEnds[..rowCount], sums);
        }

        for (int entry = 0; entry < sums.Length; entry++)
        {
            scores[entry] = (float)sums[entry];
        }
    }

    /// <summary>The ranks that a query row's first codes have, 512; see <see cref="SetRanks"/>.</summary>
    public int FindRanks(ReadOnlySpan<byte> block, ReadOnlySpan<byte> wanted, int row, Span<byte> ranks) =>
        SetRanks.Find(instructionSet, block, Table.GetOrder(row), wanted, ranks);

    /// <summary>Scores one entry of a block whose planes have <paramref name="planeSize"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float ScoreOne(ReadOnlySpan<byte> block, int planeSize, int entry)
    {
        double sum = 0;
        for (int row = 0; row < Table.QueryRowCount; row++)
        {
            sum += Table.Values[(row * RankedTable.RowLength) + FindRank(block, planeSize, entry, row)];
        }

        return (float)sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindRank(ReadOnlySpan<byte> block, int planeSize, int entry, int row)
    {
        ReadOnlySpan<byte> order = Table.GetOrder(row);
        for (int rank = 0; rank < order.Length; rank++)
        {
            if (((block[(order[rank] * planeSize) + (entry / 8)] >> (entry % 8)) & 1) != 0)
            {
                return rank;
            }
        }

        return 0;
    }
}
