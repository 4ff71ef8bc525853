using System.Buffers;
using System.Runtime.CompilerServices;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Bits;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>Scores chunks of <see cref="BitsCodec"/>.</summary>
/// <remarks>
/// A few blocks of 64 rows at a time meet one tile of query rows after the other, so that a tile's tables and the blocks stay in the L1
/// cache. Sums are exact integers; what follows is the same float32 operations in the same order everywhere: the scores are the same to
/// the last bit at every instruction set, whichever entries are scored together.
/// </remarks>
internal sealed class BitsScorer : CodeScorer
{
    private const int BlockRowCount = BitsChunk.BlockRowCount;
    private const int MaxBlockCount = 8;
    private const int MaxPartCount = 256;
    private const int LaneCount = WideRowEstimates.LaneCount;

    private readonly BitsModel _model;
    private readonly PlaneTileSet _tiles;
    private readonly RowEstimate[] _rows;
    private readonly bool _hasFactors;
    private readonly bool _hasBounds;
    private readonly bool _isWide;

    /// <summary>Prepares the rows of a query.</summary>
    public BitsScorer(BitsModel model, MultiVectorView query, BitScoring scoring, int planeCount, InstructionSet instructionSet)
    {
        _model = model;
        _hasFactors = scoring != BitScoring.Hamming;
        _hasBounds = scoring == BitScoring.Asymmetric && planeCount == model.PlaneCount;
        _isWide = PlaneSums.GetLevel(instructionSet) == InstructionSet.Avx512;
        QueryWeights weights = new(model, query, scoring, planeCount);
        _tiles = new PlaneTileSet(model, weights, query.RowCount, planeCount, PlaneSums.GetLevel(instructionSet));
        _rows = new RowEstimate[query.RowCount];
        for (int row = 0; row < _rows.Length; row++)
        {
            double scale = _hasFactors
                ? weights.Steps[row] * model.PlaneFactors[planeCount - 1] / (1 << (planeCount - 1))
                : weights.Steps[row];

            // What float32 sums of the exact MaxSim and the few operations after the integer sum can be off, per |x|.
            double rounding = (Rounding.Norm(query.Row(row)) + weights.Norms[row]) * Rounding.Gamma(model.Dimension + 8);
            _rows[row] = new RowEstimate(
                _tiles.GetOffset(row),
                (float)scale,
                weights.Constants[row],
                Rounding.Up(weights.Norms[row] * 1.000001),
                Rounding.Up(weights.RoundingErrors[row] * 1.000001),
                Rounding.Up(2 * rounding));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, Span<float> scores)
    {
        BitsChunk view = BitsChunk.Read(_model, chunk, scores.Length);
        if (view.RowOffsets.IsEmpty)
        {
            ScoreSingles(view, scores, isBound: false);
        }
        else
        {
            ScoreEntries(view, [], scores, isBound: false);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, int entryCount, ReadOnlySpan<int> entries, Span<float> scores)
    {
        if (!entries.IsEmpty)
        {
            ScoreEntries(BitsChunk.Read(_model, chunk, entryCount), entries, scores, isBound: false);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// By Cauchy and Schwarz the estimate misses ⟨q - m, x - μ⟩ by at most |q - m| times the distance of x - μ from what its bits stand
    /// for, which is stored, rounded up; the rounding of the query to integers, of the bias and of all float32 sums is added.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ScoreUpperBounds(ReadOnlySpan<byte> chunk, Span<float> bounds)
    {
        if (!_hasBounds)
        {
            throw new NotSupportedException("Only the asymmetric scores of all planes have upper bounds.");
        }

        BitsChunk view = BitsChunk.Read(_model, chunk, bounds.Length);
        if (view.RowOffsets.IsEmpty)
        {
            ScoreSingles(view, bounds, isBound: true);
        }
        else
        {
            ScoreEntries(view, [], bounds, isBound: true);
        }
    }

    private static float Finish(double total, bool isBound) =>
        isBound ? Rounding.Up(total + (Math.Abs(total) * 4 * Rounding.Unit)) : (float)total;

    // One row an entry: the sums of a block are the scores of 64 entries.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScoreSingles(BitsChunk chunk, Span<float> scores, bool isBound)
    {
        Span<ushort> sums = CacheLines.Align(stackalloc ushort[(_tiles.RunCount * PlaneTileSet.RunLength) + CacheLines.Size]);
        Span<float> sides = CacheLines.Align(stackalloc float[RowEstimates.SideLength + CacheLines.Size]);
        Span<float> estimates = stackalloc float[BlockRowCount];
        Span<double> totals = stackalloc double[BlockRowCount];
        Span<PlanePlace> places = stackalloc PlanePlace[_tiles.PlaneCount];
        _tiles.GetPlaces(_model, chunk, places);
        for (int block = 0; block < chunk.BlockCount; block++)
        {
            int count = Math.Min(BlockRowCount, scores.Length - (block * BlockRowCount));
            ReadSide(chunk, block, isBound, sides);
            if (_isWide && !isBound && _rows.Length == 1)
            {
                _tiles.Add(0, chunk.Bytes, places, block, sums);
                Span<float> blockScores = count == BlockRowCount ? scores.Slice(block * BlockRowCount, count) : estimates;
                WideRowEstimates.ComputeScores(_rows[0], sums, _tiles.RunShifts, sides, blockScores);
                blockScores[..count].CopyTo(scores[(block * BlockRowCount)..]);
                continue;
            }

            totals.Clear();
            for (int tile = 0, firstRow = 0; tile < _tiles.Count; tile++)
            {
                int height = _tiles.GetHeight(tile);
                _tiles.Add(tile, chunk.Bytes, places, block, sums);
                for (int row = 0; row < height; row++)
                {
                    Estimate(row, firstRow + row, sums, sides, isBound, estimates);
                    RowEstimates.AddTo(estimates, _rows[firstRow + row].Constant, totals);
                }

                firstRow += height;
            }

            Span<float> target = scores.Slice(block * BlockRowCount, count);
            for (int row = 0; row < target.Length; row++)
            {
                target[row] = Finish(totals[row], isBound);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScoreEntries(BitsChunk chunk, ReadOnlySpan<int> entries, Span<float> scores, bool isBound)
    {
        double[] totals = ArrayPool<double>.Shared.Rent(scores.Length);
        float[] maxima = ArrayPool<float>.Shared.Rent(_rows.Length * LaneCount);
        totals.AsSpan(0, scores.Length).Clear();
        Span<int> blocks = stackalloc int[MaxBlockCount];
        Span<EntryPart> parts = stackalloc EntryPart[MaxPartCount];
        Span<PlanePlace> places = stackalloc PlanePlace[_tiles.PlaneCount];
        _tiles.GetPlaces(_model, chunk, places);
        EntryWalk walk = new(chunk, entries, scores.Length);
        while (walk.Next(blocks, parts, out int blockCount, out int partCount))
        {
            FoldBlocks(chunk, blocks[..blockCount], parts[..partCount], places, maxima, totals, isBound);
        }

        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = Finish(totals[i], isBound);
        }

        ArrayPool<double>.Shared.Return(totals);
        ArrayPool<float>.Shared.Return(maxima);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FoldBlocks(
        BitsChunk chunk,
        ReadOnlySpan<int> blocks,
        ReadOnlySpan<EntryPart> parts,
        ReadOnlySpan<PlanePlace> places,
        Span<float> maxima,
        Span<double> totals,
        bool isBound)
    {
        Span<ushort> sums = CacheLines.Align(stackalloc ushort[(_tiles.RunCount * PlaneTileSet.RunLength) + CacheLines.Size]);
        Span<float> sides = CacheLines.Align(stackalloc float[(MaxBlockCount * RowEstimates.SideLength) + CacheLines.Size]);
        Span<float> estimates = stackalloc float[BlockRowCount];
        for (int i = 0; i < blocks.Length; i++)
        {
            ReadSide(chunk, blocks[i], isBound, sides.Slice(i * RowEstimates.SideLength, RowEstimates.SideLength));
        }

        for (int tile = 0, firstRow = 0; tile < _tiles.Count; tile++)
        {
            int height = _tiles.GetHeight(tile);
            for (int i = 0, part = 0; i < blocks.Length; i++)
            {
                int firstPart = part;
                while (part < parts.Length && parts[part].BlockIndex == i)
                {
                    part++;
                }

                _tiles.Add(tile, chunk.Bytes, places, blocks[i], sums);
                ReadOnlySpan<float> side = sides.Slice(i * RowEstimates.SideLength, RowEstimates.SideLength);
                bool isInside = _isWide && !isBound && parts[firstPart].IsWholeBlock && !parts[firstPart].IsLast;
                if (isInside && height == PlaneSums.MaxTileHeight && _tiles.RunCount == 1)
                {
                    WideRowEstimates.ComputeFourMaxima(
                        _rows.AsSpan(firstRow), sums, side, parts[firstPart].IsFirst, maxima[(firstRow * LaneCount)..]);
                    continue;
                }

                for (int row = 0; row < height; row++)
                {
                    Span<float> lanes = maxima.Slice((firstRow + row) * LaneCount, LaneCount);
                    if (isInside)
                    {
                        WideRowEstimates.ComputeMaxima(
                            _rows[firstRow + row], sums[(row * BlockRowCount)..], _tiles.RunShifts, side, parts[firstPart].IsFirst, lanes);
                        continue;
                    }

                    Estimate(row, firstRow + row, sums, side, isBound, estimates);
                    RowEstimates.Fold(estimates, parts[firstPart..part], _rows[firstRow + row].Constant, lanes, totals);
                }
            }

            firstRow += height;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Estimate(
        int tileRow, int row, ReadOnlySpan<ushort> sums, ReadOnlySpan<float> side, bool isBound, Span<float> estimates)
    {
        if (_isWide)
        {
            WideRowEstimates.Compute(_rows[row], sums[(tileRow * BlockRowCount)..], _tiles.RunShifts, side, estimates);
        }
        else
        {
            RowEstimates.Compute(_rows[row], sums[(tileRow * BlockRowCount)..], _tiles.RunShifts, side, estimates);
        }

        if (isBound)
        {
            RowEstimates.Raise(_model, _rows[row], side, estimates);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadSide(BitsChunk chunk, int block, bool hasErrors, Span<float> sides)
    {
        if (_hasFactors && _isWide && !hasErrors)
        {
            WideRowEstimates.ReadSide(chunk.GetSide(block), _model.HasBias, _model.BiasUnit, sides);
            return;
        }

        if (_hasFactors)
        {
            RowEstimates.ReadSide(_model, chunk.GetSide(block), hasErrors, sides);
            return;
        }

        sides[..BlockRowCount].Fill(1);
        sides[BlockRowCount..].Clear();
    }
}
