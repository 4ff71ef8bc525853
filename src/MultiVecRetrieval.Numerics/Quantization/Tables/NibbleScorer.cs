using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics.Quantization.Tables;

/// <summary>Scores rows of 4-bit codes by table look-ups: Σ_i max_j Σ_m table_im[code_jm].</summary>
/// <remarks>
/// Sums are integers, so every instruction set gives the same; the maximum over rows is taken of the integers, and each query row's becomes
/// a similarity once. Rows of a block that belong to several entries are summed once for all of them.
/// </remarks>
internal sealed class NibbleScorer : CodeScorer
{
    private const int RowCount = NibbleLayout.BlockRowCount;

    // A run of blocks is read from the L1 cache by all tiles but the first.
    private const int RunBlockCount = 16;

    private readonly NibbleQuery _query;
    private readonly NibbleKernel _kernel;
    private readonly ScoreBound _bound;
    private readonly double _tableError;
    private readonly int _blockSize;

    /// <summary>A scorer of a query whose tables are set.</summary>
    /// <param name="query">The query's tables.</param>
    /// <param name="tableCount">Codes of an entry row.</param>
    /// <param name="bound">How far similarities of restored rows are from those of the originals.</param>
    /// <param name="instructionSet">One that this process supports.</param>
    public NibbleScorer(NibbleQuery query, int tableCount, ScoreBound bound, InstructionSet instructionSet)
    {
        _query = query;
        _kernel = new NibbleKernel(query, tableCount, instructionSet);
        _bound = bound;
        _blockSize = NibbleLayout.GetBlockSize(tableCount);
        foreach (TableRounding rounding in query.Roundings)
        {
            _tableError += rounding.Error;
        }
    }

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<byte> chunk, Span<float> scores) =>
        Score(new RowStream(chunk, scores.Length), default, scores, isBound: false);

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<byte> chunk, int entryCount, ReadOnlySpan<int> entries, Span<float> scores)
    {
        if (!entries.IsEmpty)
        {
            Score(new RowStream(chunk, entryCount), entries, scores[..entries.Length], isBound: false);
        }
    }

    /// <inheritdoc/>
    public override void ScoreUpperBounds(ReadOnlySpan<byte> chunk, Span<float> bounds) =>
        Score(new RowStream(chunk, bounds.Length), default, bounds, isBound: true);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Score(RowStream rows, ReadOnlySpan<int> entries, Span<float> scores, bool isBound)
    {
        int length = _query.RowCount * RowCount;
        int[]? rented = _query.RowCount <= NibbleLayout.PanelRowCount ? null : ArrayPool<int>.Shared.Rent(2 * length);
        Span<int> buffer = rented is null ? stackalloc int[2 * length] : rented;
        Span<int> best = buffer[..length];
        Span<int> shared = buffer.Slice(length, length);
        int sharedBlock = -1;
        for (int i = 0; i < scores.Length; i++)
        {
            int entry = entries.IsEmpty ? i : entries[i];
            (int start, int end) = rows.GetRows(entry);
            double score;
            if (start / RowCount == (end - 1) / RowCount)
            {
                ComputeShared(rows, start / RowCount, ref sharedBlock, shared);
                score = GetScore(shared, start % RowCount, end - (start / RowCount * RowCount));
            }
            else
            {
                best.Clear();
                int firstFull = (start + RowCount - 1) / RowCount;
                int endFull = end / RowCount;
                if (start % RowCount != 0)
                {
                    ComputeShared(rows, start / RowCount, ref sharedBlock, shared);
                    Raise(best, shared, start % RowCount, RowCount);
                }

                Fold(rows.Blocks, firstFull, endFull - firstFull, best);
                if (end % RowCount != 0)
                {
                    ComputeShared(rows, endFull, ref sharedBlock, shared);
                    Raise(best, shared, 0, end % RowCount);
                }

                score = GetScore(best, 0, RowCount);
            }

            scores[i] = isBound ? _bound.Raise(score + _tableError, rows.GetError(entry)) : (float)score;
        }

        if (rented is not null)
        {
            ArrayPool<int>.Shared.Return(rented);
        }
    }

    private void ComputeShared(RowStream rows, int block, ref int sharedBlock, Span<int> shared)
    {
        if (block != sharedBlock)
        {
            shared.Clear();
            Fold(rows.Blocks, block, 1, shared);
            sharedBlock = block;
        }
    }

    // Raises lanes, [query rows][16], to the sums of a run of blocks.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fold(ReadOnlySpan<byte> blocks, int firstBlock, int blockCount, Span<int> lanes)
    {
        for (int panel = 0; panel < _query.PanelCount; panel++)
        {
            int firstRow = panel * NibbleLayout.PanelRowCount;
            int rowCount = Math.Min(NibbleLayout.PanelRowCount, _query.RowCount - firstRow);
            Span<float> panelLanes = MemoryMarshal.Cast<int, float>(lanes.Slice(firstRow * RowCount, rowCount * RowCount));
            for (int block = 0; block < blockCount; block += RunBlockCount)
            {
                int count = Math.Min(RunBlockCount, blockCount - block);
                _kernel.Fold(blocks.Slice((firstBlock + block) * _blockSize, count * _blockSize), count, panel, panelLanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Raise(Span<int> best, ReadOnlySpan<int> sums, int firstLane, int endLane)
    {
        for (int row = 0; row < best.Length; row += RowCount)
        {
            for (int lane = firstLane; lane < endLane; lane++)
            {
                best[row + lane] = Math.Max(best[row + lane], sums[row + lane]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double GetScore(ReadOnlySpan<int> lanes, int firstLane, int endLane)
    {
        double score = 0;
        ReadOnlySpan<TableRounding> roundings = _query.Roundings;
        for (int row = 0; row < roundings.Length; row++)
        {
            ReadOnlySpan<int> sums = lanes.Slice(row * RowCount, RowCount);
            int largest = 0;
            if (endLane - firstLane == RowCount)
            {
                Vector128<int> four = Vector128.Max(
                    Vector128.Max(Vector128.Create(sums), Vector128.Create(sums[4..])),
                    Vector128.Max(Vector128.Create(sums[8..]), Vector128.Create(sums[12..])));
                largest = Math.Max(Math.Max(four[0], four[1]), Math.Max(four[2], four[3]));
            }
            else
            {
                for (int lane = firstLane; lane < endLane; lane++)
                {
                    largest = Math.Max(largest, sums[lane]);
                }
            }

            score += (roundings[row].Step * largest) + roundings[row].Offset;
        }

        return score;
    }
}
