using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MultiVecRetrieval.Numerics.Kernels.Tiles;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>Scores packed entries against one query by MaxSim: Σ_i max_j ⟨q_i, d_j⟩.</summary>
/// <remarks>
/// <para>Prepared once per query and format; immutable afterwards, safe for concurrent use, no allocation per score.</para>
/// <para>A score is the same to the last bit at every instruction set, and on any number of threads. Int8 adds exactly in int32. A row of
/// a block of Float32 or Float16 adds in the order of k with one rounding per term; a row of the tail (<see cref="PackedRows"/>) in 16
/// partial sums that are then added in a fixed order. So the similarity of one and the same row may differ in its last bits between an
/// entry that stores it in a block and one that stores it in its tail; which of the two follows from the number of the entry's rows.
/// The maxima are added in the order of the query rows in float64.</para>
/// <para>Packed rows and query are finite. An inner product beyond float32 is infinite, or in a tail, where partial sums overflow to
/// both sides, NaN. A NaN, also one in damaged bytes, never wins.</para>
/// <para>What runs per entry is compiled fully at its first call: a process that answers one query would else scan with unoptimised
/// code.</para>
/// <para>Source: Khattab and Zaharia, ColBERT, arXiv:2004.12832.</para>
/// </remarks>
public sealed class MaxSimScorer
{
    // Lanes of this many query rows live on the stack at a time: 4 KiB.
    internal const int MaxPanelRowCount = 64;

    // All tiles pass over this much of an entry before the next part is read, so that it comes from the L1 cache for all but the first.
    private const int ChunkSizeInBytes = 32 << 10;

    private readonly InstructionSet _instructionSet;
    private readonly QueryTiles _tiles;
    private readonly TailScorer _tail;
    private readonly int _blockSize;

    // What one row takes when the query has one row and no step of its kernel is cut; else -1.
    private readonly int _oneRowSize;

    /// <summary>Prepares <paramref name="query"/> for entries stored in <paramref name="format"/>.</summary>
    /// <param name="query">Query rows of finite values; may be empty.</param>
    /// <param name="format">How the entries are stored. Against Int8 the query is rounded to int8 codes as well.</param>
    /// <exception cref="ArgumentException">A value of the query is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The format is unknown or d out of its range.</exception>
    public MaxSimScorer(MultiVectorView query, RowFormat format)
        : this(query, format, InstructionSets.Best)
    {
    }

    /// <summary>Prepares a scorer that uses <paramref name="instructionSet"/>, which this process must support.</summary>
    internal MaxSimScorer(MultiVectorView query, RowFormat format, InstructionSet instructionSet)
    {
        _blockSize = checked((int)PackedRows.GetBlockSizeInBytes(format, query.Dimension));
        if (query.RowCount > 0 && !float.IsFinite(TensorPrimitives.MaxMagnitude(query.Values)))
        {
            throw new ArgumentException("The query has a value that is NaN or infinite.", nameof(query));
        }

        if (!InstructionSets.IsSupported(instructionSet))
        {
            throw new PlatformNotSupportedException($"This process cannot run {instructionSet} instructions.");
        }

        Format = format;
        QueryRowCount = query.RowCount;
        Dimension = query.Dimension;
        _instructionSet = instructionSet;
        _tiles = new QueryTiles(query, format, GetMaxTileHeight(format, instructionSet));
        _tail = new TailScorer(query, format, instructionSet);
        _oneRowSize = query.RowCount == 1 && _tail.CanScoreOne ? (int)PackedRows.GetTailRowSizeInBytes(format, query.Dimension) : -1;
    }

    /// <summary>The format of the entries that this scorer reads.</summary>
    public RowFormat Format { get; }

    /// <summary>The number of query rows.</summary>
    public int QueryRowCount { get; }

    /// <summary>d, the length of a row.</summary>
    public int Dimension { get; }

    /// <summary>Floats that the slots of <see cref="FoldPanel"/> take at most, for <see cref="MaxSlotBlockCount"/> blocks.</summary>
    internal const int SlotsLength = 2 * SlotFold.PartLength;

    /// <summary>Blocks that <see cref="FoldPanel"/> gives slots at most.</summary>
    internal const int MaxSlotBlockCount = 64;

    /// <summary>Per query row, what its best lane is multiplied with.</summary>
    internal ReadOnlySpan<double> Scales => _tiles.Scales;

    /// <summary>Scores the rows after the blocks.</summary>
    internal TailScorer Tail => _tail;

    /// <summary>The score of one entry; higher is closer.</summary>
    /// <param name="packed">The entry as <see cref="PackedRows"/> writes it; any alignment.</param>
    /// <param name="rowCount">The rows of the entry.</param>
    /// <returns>The score. 0 for a query without rows; else negative infinity for an entry without rows.</returns>
    /// <exception cref="ArgumentException">The length of <paramref name="packed"/> is not what the rows take.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Score(ReadOnlySpan<byte> packed, int rowCount)
    {
        // A dense search scores one row with one row, a million times: what frames that product then costs more than it does.
        if (rowCount == 1 && packed.Length == _oneRowSize)
        {
            return (float)(_tail.ScoreOne(ref MemoryMarshal.GetReference(packed)) * _tiles.Scales[0]);
        }

        PackedRows.CheckLength(Format, packed.Length, rowCount, Dimension, nameof(packed));
        if (rowCount == 0 && QueryRowCount > 0)
        {
            return float.NegativeInfinity;
        }

        if (rowCount == 1 && QueryRowCount == 1)
        {
            float best = float.NegativeInfinity;
            _tail.Fold(packed, 1, 0, 1, MemoryMarshal.CreateSpan(ref best, 1));
            return (float)(best * _tiles.Scales[0]);
        }

        int blockCount = (int)PackedRows.GetBlockCount(rowCount);
        int tailRowCount = PackedRows.GetTailRowCount(rowCount);
        int laneCount = Math.Min(rowCount, PackedRows.BlockRowCount);
        Span<float> lanes = stackalloc float[Math.Min(MaxPanelRowCount, QueryRowCount) * PackedRows.BlockRowCount];
        double score = 0;
        for (int firstTile = 0, firstRow = 0; firstRow < QueryRowCount;)
        {
            (int tileCount, int panelRowCount) = GetPanel(firstTile);
            Span<float> panel = lanes[..(panelRowCount * PackedRows.BlockRowCount)];
            panel.Fill(float.NegativeInfinity);
            FoldPanel(packed, blockCount, firstTile, tileCount, firstRow, panel);
            if (tailRowCount > 0)
            {
                _tail.Fold(packed[(blockCount * _blockSize)..], tailRowCount, firstRow, panelRowCount, panel);
            }

            for (int row = 0; row < panelRowCount; row++)
            {
                float maximum = GetMaximum(panel.Slice(row * PackedRows.BlockRowCount, laneCount));
                score += (float)(maximum * _tiles.Scales[firstRow + row]);
            }

            firstTile += tileCount;
            firstRow += panelRowCount;
        }

        return (float)score;
    }

    /// <summary>Fills, per query row, its best similarity and the index of the entry row that reached it (the lowest on a tie).</summary>
    /// <param name="packed">The entry as <see cref="PackedRows"/> writes it.</param>
    /// <param name="rowCount">The rows of the entry.</param>
    /// <param name="bestSimilarities">One per query row; their float64 sum, rounded to float32, is <see cref="Score"/>.
    /// Negative infinity for an entry without rows.</param>
    /// <param name="bestRows">One per query row; -1 when no similarity is above negative infinity, as without rows.</param>
    /// <exception cref="ArgumentException">A length is not what the rows take.</exception>
    public void Explain(ReadOnlySpan<byte> packed, int rowCount, Span<float> bestSimilarities, Span<int> bestRows)
    {
        PackedRows.CheckLength(Format, packed.Length, rowCount, Dimension, nameof(packed));
        CheckRowCount(bestSimilarities.Length, nameof(bestSimilarities));
        CheckRowCount(bestRows.Length, nameof(bestRows));
        bestSimilarities.Fill(float.NegativeInfinity);
        bestRows.Fill(-1);
        if (rowCount == 0)
        {
            return;
        }

        int blockCount = (int)PackedRows.GetBlockCount(rowCount);
        int tailRowCount = PackedRows.GetTailRowCount(rowCount);
        Span<float> lanes = stackalloc float[Math.Min(MaxPanelRowCount, QueryRowCount) * PackedRows.BlockRowCount];
        for (int firstTile = 0, firstRow = 0; firstRow < QueryRowCount;)
        {
            (int tileCount, int panelRowCount) = GetPanel(firstTile);

            // The tail counts as one more block, which has only its rows' lanes.
            for (int block = 0; block < blockCount + Math.Sign(tailRowCount); block++)
            {
                lanes.Fill(float.NegativeInfinity);
                if (block < blockCount)
                {
                    FoldPanel(packed.Slice(block * _blockSize, _blockSize), 1, firstTile, tileCount, firstRow, lanes);
                }
                else
                {
                    _tail.Fold(packed[(block * _blockSize)..], tailRowCount, firstRow, panelRowCount, lanes);
                }

                int blockRow = block * PackedRows.BlockRowCount;
                int laneCount = Math.Min(PackedRows.BlockRowCount, rowCount - blockRow);
                for (int row = 0; row < panelRowCount; row++)
                {
                    ReadOnlySpan<float> similarities = lanes.Slice(row * PackedRows.BlockRowCount, laneCount);
                    Raise(similarities, blockRow, ref bestSimilarities[firstRow + row], ref bestRows[firstRow + row]);
                }
            }

            firstTile += tileCount;
            firstRow += panelRowCount;
        }

        for (int row = 0; row < QueryRowCount; row++)
        {
            bestSimilarities[row] = (float)(bestSimilarities[row] * _tiles.Scales[row]);
        }
    }

    /// <summary>The query as entries of <paramref name="format"/> meet it: rounded to int8 codes for Int8, unchanged else.</summary>
    /// <param name="query">Query rows of finite values.</param>
    /// <param name="format">How the entries are stored.</param>
    /// <returns>[rows × d]; what bounds the MaxSim of these rows bounds a score of this class, but for rounding.</returns>
    public static float[] RoundQuery(MultiVectorView query, RowFormat format)
    {
        float[] rounded = query.Values.ToArray();
        sbyte[] codes = new sbyte[query.Dimension];
        for (int row = 0; format == RowFormat.Int8 && row < query.RowCount; row++)
        {
            double scale = Int8Query.Quantize(query.Row(row), codes);
            for (int k = 0; k < codes.Length; k++)
            {
                rounded[(row * codes.Length) + k] = (float)(codes[k] * scale);
            }
        }

        return rounded;
    }

    private static int GetMaxTileHeight(RowFormat format, InstructionSet instructionSet) => (format, instructionSet) switch
    {
        (_, InstructionSet.Scalar) => 1,
        (RowFormat.Int8, InstructionSet.Avx2) => 4,
        (RowFormat.Int8, _) => 10,
        _ => 6,
    };

    // No lane is NaN: a NaN never raises one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float GetMaximum(ReadOnlySpan<float> lanes)
    {
        float maximum = lanes[0];
        foreach (float lane in lanes)
        {
            maximum = lane > maximum ? lane : maximum;
        }

        return maximum;
    }

    private static void Raise(ReadOnlySpan<float> similarities, int firstRow, ref float bestSimilarity, ref int bestRow)
    {
        for (int lane = 0; lane < similarities.Length; lane++)
        {
            if (similarities[lane] > bestSimilarity)
            {
                bestSimilarity = similarities[lane];
                bestRow = firstRow + lane;
            }
        }
    }

    private void CheckRowCount(int length, string parameter)
    {
        if (length != QueryRowCount)
        {
            throw new ArgumentException($"The query has {QueryRowCount} rows, space for {length} was given.", parameter);
        }
    }

    // The tiles from firstTile on whose lanes fit the panel, and how many rows they have.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal (int TileCount, int RowCount) GetPanel(int firstTile)
    {
        int tileCount = 0;
        int rowCount = 0;
        foreach (int height in _tiles.Heights.AsSpan(firstTile))
        {
            if (rowCount + height > MaxPanelRowCount)
            {
                break;
            }

            tileCount++;
            rowCount += height;
        }

        return (tileCount, rowCount);
    }

    /// <summary>Where the slot of a block begins, which holds 16 lanes for each row of the panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int GetSlotOffset(int block, int slotLength) =>
        _instructionSet == InstructionSet.Avx512 ? (block / 2 * slotLength) + (block % 2 * SlotFold.PartLength) : block * slotLength;

    /// <summary>Raises the lanes of a panel's rows to their similarities with blocks.</summary>
    /// <param name="packed">The blocks.</param>
    /// <param name="blockCount">How many.</param>
    /// <param name="firstTile">The first tile of the panel.</param>
    /// <param name="tileCount">Its tiles.</param>
    /// <param name="firstRow">Its first query row.</param>
    /// <param name="lanes">[rows][16]; with slots, [rows][16] at <see cref="GetSlotOffset"/> for every block.</param>
    /// <param name="slotLength">Lanes of a panel, 16 per row, to keep every similarity (Int8 only); 0 to keep the highest of each
    /// lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void FoldPanel(
        ReadOnlySpan<byte> packed, int blockCount, int firstTile, int tileCount, int firstRow, Span<float> lanes, int slotLength = 0)
    {
        int chunkBlockCount = tileCount == 1 ? int.MaxValue : Math.Max(4, ChunkSizeInBytes / _blockSize / 4 * 4);
        for (int block = 0; block < blockCount;)
        {
            int count = Math.Min(chunkBlockCount, blockCount - block);
            ReadOnlySpan<byte> chunk = packed.Slice(block * _blockSize, count * _blockSize);
            for (int tile = 0, row = 0; tile < tileCount; tile++)
            {
                int height = _tiles.Heights[firstTile + tile];
                ReadAhead ahead = tileCount == 1
                    ? ReadAhead.Behind(chunk)
                    : ReadAhead.After(chunk, tile, tileCount);
                if (slotLength == 0)
                {
                    FoldTile(chunk, count, ahead, firstRow + row, height, lanes[(row * PackedRows.BlockRowCount)..]);
                }
                else
                {
                    FoldTileIntoSlots(chunk, count, ahead, firstRow + row, height,
                        lanes[(GetSlotOffset(block, slotLength) + (row * PackedRows.BlockRowCount))..], slotLength);
                }

                row += height;
            }

            block += count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldTile(ReadOnlySpan<byte> chunk, int blockCount, ReadAhead ahead, int firstRow, int height, Span<float> lanes)
    {
        ref byte query = ref _tiles[firstRow];
        switch (_instructionSet)
        {
            case InstructionSet.Avx512 when Format == RowFormat.Float32:
                Fold<FloatAvx512By4<Float32Rows>, Four<Vector512<float>>, Four<Vector512<float>>,
                    FloatAvx512<Float32Rows>, Vector512<float>, Vector512<float>>(ref query, height, chunk, blockCount, ahead, lanes);
                break;
            case InstructionSet.Avx512 when Format == RowFormat.Float16:
                Fold<FloatAvx512By4<Float16Rows>, Four<Vector512<float>>, Four<Vector512<float>>,
                    FloatAvx512<Float16Rows>, Vector512<float>, Vector512<float>>(ref query, height, chunk, blockCount, ahead, lanes);
                break;
            case InstructionSet.Avx512:
                Fold<Int8Avx512By2<RaiseFold>, Two<Vector512<int>>, Four<Vector512<byte>>,
                    Int8Avx512<RaiseFold>, Vector512<int>, Two<Vector512<byte>>>(ref query, height, chunk, blockCount, ahead, lanes);
                break;
            case InstructionSet.Avx2 when Format == RowFormat.Float32:
                FoldAll<FloatAvx2<Float32Rows>, Two<Vector256<float>>,
                    Two<Vector256<float>>>(ref query, height, chunk, blockCount, ahead, lanes);
                break;
            case InstructionSet.Avx2 when Format == RowFormat.Float16:
                FoldAll<FloatAvx2<Float16Rows>, Two<Vector256<float>>,
                    Two<Vector256<float>>>(ref query, height, chunk, blockCount, ahead, lanes);
                break;
            case InstructionSet.Avx2:
                FoldAll<Int8Avx2<RaiseFold>, Two<Vector256<int>>,
                    Four<Vector256<byte>>>(ref query, height, chunk, blockCount, ahead, lanes);
                break;
            default:
                int stepSize = Format == RowFormat.Int8 ? Int8Query.StepSize : sizeof(float);
                ReadOnlySpan<byte> row = MemoryMarshal.CreateReadOnlySpan(ref query, _tiles.StepCount * stepSize);
                ScalarTile.Fold(Format, row, chunk, blockCount, Dimension, lanes);
                break;
        }
    }

    // Int8 only: the similarities themselves, none of which is folded with another.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldTileIntoSlots(
        ReadOnlySpan<byte> chunk, int blockCount, ReadAhead ahead, int firstRow, int height, Span<float> lanes, int slotLength)
    {
        ref byte query = ref _tiles[firstRow];
        switch (_instructionSet)
        {
            case InstructionSet.Avx512:
                Fold<Int8Avx512By2<SlotFold>, Two<Vector512<int>>, Four<Vector512<byte>>,
                    Int8Avx512<SlotFold>, Vector512<int>,
                        Two<Vector512<byte>>>(ref query, height, chunk, blockCount, ahead, lanes, slotLength);
                break;
            case InstructionSet.Avx2:
                FoldAll<Int8Avx2<SlotFold>, Two<Vector256<int>>,
                    Four<Vector256<byte>>>(ref query, height, chunk, blockCount, ahead, lanes, slotLength);
                break;
            default:
                ReadOnlySpan<byte> row = MemoryMarshal.CreateReadOnlySpan(ref query, _tiles.StepCount * Int8Query.StepSize);
                for (int block = 0; block < blockCount; block++)
                {
                    Span<float> slot = lanes.Slice(block * slotLength, PackedRows.BlockRowCount);
                    slot.Fill(float.NegativeInfinity);
                    ScalarTile.Fold(Format, row, chunk.Slice(block * _blockSize, _blockSize), 1, Dimension, slot);
                }

                break;
        }
    }

    // Groups of blocks first, what is left block by block.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fold<TGroup, TGroupSum, TGroupValues, TSingle, TSum, TValues>(
        ref byte query, int height, ReadOnlySpan<byte> chunk, int blockCount, ReadAhead ahead, Span<float> lanes, int slotLength = 0)
        where TGroup : struct, ITileShape<TGroupSum, TGroupValues>
        where TGroupSum : struct
        where TGroupValues : struct
        where TSingle : struct, ITileShape<TSum, TValues>
        where TSum : struct
        where TValues : struct
    {
        int groupCount = blockCount / TGroup.GroupSize;
        int groupedCount = groupCount * TGroup.GroupSize;
        (ReadAhead aheadOfGroups, ReadAhead aheadOfRest) = ahead.Split(groupedCount, blockCount);
        FoldAll<TGroup, TGroupSum, TGroupValues>(ref query, height, chunk, groupedCount, aheadOfGroups, lanes, slotLength);
        if (groupedCount < blockCount)
        {
            FoldAll<TSingle, TSum, TValues>(
                ref query, height, chunk[(groupedCount * _blockSize)..], blockCount - groupedCount, aheadOfRest,
                    lanes[(groupCount * slotLength)..], slotLength);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldAll<TShape, TSum, TValues>(
        ref byte query, int height, ReadOnlySpan<byte> blocks, int blockCount, ReadAhead ahead, Span<float> lanes, int slotLength = 0)
        where TShape : struct, ITileShape<TSum, TValues>
        where TSum : struct
        where TValues : struct =>
        TileKernel<TShape, TSum, TValues>.Fold(
            height, ref query, ref MemoryMarshal.GetReference(blocks), blockCount / TShape.GroupSize, _blockSize, _tiles.StepCount,
            ref MemoryMarshal.GetReference(lanes), ahead, slotLength);
}
