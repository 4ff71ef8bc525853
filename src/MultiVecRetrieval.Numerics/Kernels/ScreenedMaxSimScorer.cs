using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MultiVecRetrieval.Numerics.Kernels.Tiles;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>
/// The MaxSim of Float32 rows, to the last bit that of <see cref="MaxSimScorer"/>, at little more than the cost of Int8 rows: rounded
/// copies of the rows show which of them can be the best for a query row, and only those are scored as they are.
/// </summary>
/// <remarks>
/// <para>Let q̂ and d̂ be the rounded rows, s the float32 similarity and t the rounded one. ⟨q, d⟩ = ⟨q̂, d̂⟩ + ⟨q - q̂, d̂⟩ + ⟨q, d - d̂⟩,
/// so by Cauchy and Schwarz |s - t| ≤ Δ = |q - q̂| |d̂| + |q| |d - d̂| + ρ, with the entry's largest |d̂| and |d - d̂|, and ρ for the
/// roundings of both kernels. Where t is largest s ≥ max t - Δ, so a row with t below max t - 2Δ is not the best one, nor as good.</para>
/// <para>Where the bound leaves too many rows, as of rows all alike, every row is scored as it is: that costs the screening on top, half
/// as much again. Thread-safe; what a thread needs beside its stack, 256 KiB, it keeps. No allocation per score from its second one
/// on.</para>
/// </remarks>
public sealed class ScreenedMaxSimScorer
{
    // Of entries with fewer blocks than this, the screening costs as much as it saves.
    private const int MinBlockCount = 4;

    [ThreadStatic]
    private static float[]? _slots;

    private readonly MaxSimScorer _exact;
    private readonly MaxSimScorer _screen;
    private readonly PairScorer _pairs;

    // Per query row, by what the largest |d̂| and the largest |d - d̂| of an entry lower the threshold, and by what anything does.
    private readonly double[] _perNorm;
    private readonly double[] _perError;
    private readonly double[] _perRow;

    /// <summary>Prepares <paramref name="query"/>.</summary>
    /// <param name="query">Query rows of finite values; may be empty.</param>
    /// <exception cref="ArgumentException">A value of the query is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">d is below 1 or above 65,536.</exception>
    public ScreenedMaxSimScorer(MultiVectorView query)
        : this(query, InstructionSets.Best)
    {
    }

    /// <summary>Prepares a scorer that uses <paramref name="instructionSet"/>, which this process must support.</summary>
    internal ScreenedMaxSimScorer(MultiVectorView query, InstructionSet instructionSet)
    {
        _exact = new MaxSimScorer(query, RowFormat.Float32, instructionSet);
        _screen = new MaxSimScorer(query, RowFormat.Int8, instructionSet);
        _pairs = new PairScorer(query, instructionSet);
        _perNorm = new double[query.RowCount];
        _perError = new double[query.RowCount];
        _perRow = new double[query.RowCount];

        // Each of the two kernels errs by γ at most, of the d products and what follows them; below float32's normal range, where roundings
        // are absolute, by half an ε per operation. Twice all of that is taken, which leaves room for what is computed here.
        double gamma = 2 * Rounding.Gamma(query.Dimension + 8);
        sbyte[] codes = new sbyte[query.Dimension];
        for (int row = 0; row < query.RowCount; row++)
        {
            // Lanes are before the query's scale. A scale of 0 makes the threshold negative infinity or no number: all rows are scored
            // then.
            double scale = Int8Query.Quantize(query.Row(row), codes);
            double norm = Rounding.Norm(query.Row(row));
            double error = GetDistance(query.Row(row), codes, scale);
            double rounding = gamma * (norm + error);
            _perNorm[row] = 2 * (error + rounding) / scale;
            _perError[row] = 2 * (norm + rounding) / scale;
            _perRow[row] = 2 * (query.Dimension + 8) * (double)float.Epsilon * (1 + scale) / scale;
        }
    }

    /// <summary>The number of query rows.</summary>
    public int QueryRowCount => _exact.QueryRowCount;

    /// <summary>d, the length of a row.</summary>
    public int Dimension => _exact.Dimension;

    /// <summary>The score of one entry; higher is closer.</summary>
    /// <param name="packed">The entry's rows as <see cref="PackedRows"/> writes Float32; any alignment.</param>
    /// <param name="rowCount">The rows of the entry.</param>
    /// <param name="screen">Made of the very same rows.</param>
    /// <returns>What <see cref="MaxSimScorer.Score"/> returns for <paramref name="packed"/>.</returns>
    /// <exception cref="ArgumentException">The length of a side is not what the rows take.</exception>
    public float Score(ReadOnlySpan<byte> packed, int rowCount, RowScreenView screen) => Score(packed, rowCount, screen, out _);

    /// <summary>As <see cref="Score(ReadOnlySpan{byte}, int, RowScreenView)"/>; also counts the pairs of a query row and a block scored as
    /// they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal float Score(ReadOnlySpan<byte> packed, int rowCount, RowScreenView screen, out long pairCount)
    {
        PackedRows.CheckLength(RowFormat.Float32, packed.Length, rowCount, Dimension, nameof(packed));
        PackedRows.CheckLength(RowFormat.Int8, screen.Packed.Length, rowCount, Dimension, nameof(screen));
        int blockCount = (int)PackedRows.GetBlockCount(rowCount);
        pairCount = 0;
        if (blockCount < MinBlockCount || QueryRowCount == 0)
        {
            return ScoreAll(packed, rowCount, out pairCount);
        }

        int tailRowCount = PackedRows.GetTailRowCount(rowCount);
        Span<float> lanes = stackalloc float[Math.Min(MaxSimScorer.MaxPanelRowCount, QueryRowCount) * PackedRows.BlockRowCount];
        double score = 0;
        for (int firstTile = 0, firstRow = 0; firstRow < QueryRowCount;)
        {
            (int tileCount, int panelRowCount) = _screen.GetPanel(firstTile);
            Panel panel = new(firstTile, tileCount, firstRow, panelRowCount);
            Span<float> panelLanes = lanes[..(panelRowCount * PackedRows.BlockRowCount)];
            panelLanes.Fill(float.NegativeInfinity);
            if (!FoldBlocks(packed, blockCount, screen, panel, panelLanes, ref pairCount))
            {
                return ScoreAll(packed, rowCount, out pairCount);
            }

            if (tailRowCount > 0)
            {
                ReadOnlySpan<byte> tail = packed[(blockCount * Dimension * PackedRows.BlockRowCount * sizeof(float))..];
                _exact.Tail.Fold(tail, tailRowCount, firstRow, panelRowCount, panelLanes);
            }

            for (int row = 0; row < panelRowCount; row++)
            {
                score += MaxSimScorer.GetMaximum(panelLanes.Slice(row * PackedRows.BlockRowCount, PackedRows.BlockRowCount));
            }

            firstTile += tileCount;
            firstRow += panelRowCount;
        }

        return (float)score;
    }

    private float ScoreAll(ReadOnlySpan<byte> packed, int rowCount, out long pairCount)
    {
        pairCount = PackedRows.GetBlockCount(rowCount) * QueryRowCount;
        return _exact.Score(packed, rowCount);
    }

    // Raises the lanes to all similarities that can be the best of their query row; false when those are too many.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool FoldBlocks(ReadOnlySpan<byte> packed, int blockCount, RowScreenView screen, Panel panel, Span<float> lanes,
        ref long pairCount)
    {
        int blockSize = Dimension * PackedRows.BlockRowCount * sizeof(float);
        int screenBlockSize = (int)PackedRows.GetBlockSizeInBytes(RowFormat.Int8, Dimension);
        Span<float> slots = _slots ??= GC.AllocateUninitializedArray<float>(MaxSimScorer.SlotsLength, pinned: true);
        Span<float> tops = stackalloc float[lanes.Length];
        Span<float> thresholds = stackalloc float[panel.RowCount];
        tops.Fill(float.NegativeInfinity);
        for (int first = 0; first < blockCount; first += MaxSimScorer.MaxSlotBlockCount)
        {
            int count = Math.Min(MaxSimScorer.MaxSlotBlockCount, blockCount - first);
            ReadOnlySpan<byte> rounded = screen.Packed.Slice(first * screenBlockSize, count * screenBlockSize);
            _screen.FoldPanel(rounded, count, panel.FirstTile, panel.TileCount, panel.FirstRow, slots, lanes.Length);
            RaiseTops(slots, count, tops);
            SetThresholds(tops, panel.FirstRow, screen, thresholds);
            int found = FoldPairs(packed.Slice(first * blockSize, count * blockSize), count, panel.FirstRow, slots, thresholds, lanes);
            if (found < 0)
            {
                return false;
            }

            pairCount += found;
        }

        return true;
    }

    // From the highest lane of each query row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SetThresholds(ReadOnlySpan<float> tops, int firstRow, RowScreenView screen, Span<float> thresholds)
    {
        for (int row = 0; row < thresholds.Length; row++)
        {
            double top = MaxSimScorer.GetMaximum(tops.Slice(row * PackedRows.BlockRowCount, PackedRows.BlockRowCount));
            int queryRow = firstRow + row;
            double margin = (_perNorm[queryRow] * screen.Norm) + (_perError[queryRow] * screen.Error) + _perRow[queryRow];
            thresholds[row] = MathF.BitDecrement((float)(top - margin));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RaiseTops(ReadOnlySpan<float> slots, int blockCount, Span<float> tops)
    {
        ref float top = ref MemoryMarshal.GetReference(tops);
        for (int block = 0; block < blockCount; block++)
        {
            ref float slot = ref Unsafe.Add(ref MemoryMarshal.GetReference(slots), _screen.GetSlotOffset(block, tops.Length));
            for (nuint i = 0; i < (nuint)tops.Length; i += PackedRows.BlockRowCount)
            {
                // A NaN, from damaged scales, is the first operand and loses.
                Vector512.MaxNative(Vector512.LoadUnsafe(ref slot, i), Vector512.LoadUnsafe(ref top, i)).StoreUnsafe(ref top, i);
            }
        }
    }

    // Scores what is not below its threshold, and returns how many pairs that were; -1 when scoring everything costs less.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FoldPairs(
        ReadOnlySpan<byte> blocks, int blockCount, int firstRow, ReadOnlySpan<float> slots, ReadOnlySpan<float> thresholds,
            Span<float> lanes)
    {
        const int maxLength = 64;

        // A pair on its own costs about twice what it costs in a tile.
        int limit = blockCount * thresholds.Length * 3 / 8;
        int found = 0;
        int length = 0;
        Span<RowBlock> pairs = stackalloc RowBlock[maxLength];
        for (int block = 0; block < blockCount; block++)
        {
            ref float slot = ref Unsafe.Add(ref MemoryMarshal.GetReference(slots), _screen.GetSlotOffset(block, lanes.Length));
            for (int row = 0; row < thresholds.Length; row++)
            {
                Vector512<float> similarities = Vector512.LoadUnsafe(ref slot, (nuint)(row * PackedRows.BlockRowCount));
                if (Vector512.LessThanAll(similarities, Vector512.Create(thresholds[row])))
                {
                    continue;
                }

                pairs[length++] = new RowBlock(row, block);
                if (length == maxLength)
                {
                    found += length;
                    if (found > limit)
                    {
                        return -1;
                    }

                    _pairs.Fold(blocks, firstRow, pairs, lanes);
                    length = 0;
                }
            }
        }

        _pairs.Fold(blocks, firstRow, pairs[..length], lanes);
        return found + length;
    }

    private static double GetDistance(ReadOnlySpan<float> row, ReadOnlySpan<sbyte> codes, double scale)
    {
        double sum = 0;
        for (int k = 0; k < row.Length; k++)
        {
            double difference = row[k] - (codes[k] * scale);
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    // A run of query rows whose lanes fit the stack.
    private readonly record struct Panel(int FirstTile, int TileCount, int FirstRow, int RowCount);
}
