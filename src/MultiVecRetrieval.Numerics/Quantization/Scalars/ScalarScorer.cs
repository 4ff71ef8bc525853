using System.Runtime.CompilerServices;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Tiles;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Scalars;

/// <summary><see cref="MaxSimScorer"/> over the entries of a chunk.</summary>
internal sealed class ScalarScorer : CodeScorer
{
    private readonly MaxSimScorer _scorer;
    private readonly double _queryNorm;
    private readonly double _queryError;
    private readonly double _roundingError;

    public ScalarScorer(MultiVectorView query, RowFormat format)
    {
        _scorer = new MaxSimScorer(query, format);
        sbyte[] codes = new sbyte[query.Dimension];
        for (int i = 0; i < query.RowCount; i++)
        {
            ReadOnlySpan<float> row = query.Row(i);
            _queryNorm += Rounding.Norm(row);
            _queryError += format == RowFormat.Int8 ? GetRoundedDistance(row, codes) : 0;
        }

        // The kernel's sum of d products and that of the float32 MaxSim may err to opposite sides; the few more are the products with
        // scales, the sum over query rows and the rounding of this bound itself.
        _roundingError = 2 * Rounding.Gamma(query.Dimension + 8);
    }

    /// <inheritdoc/>
    public override void Score(ReadOnlySpan<byte> chunk, Span<float> scores) => ScoreRange(chunk, first: 0, areBounds: false, scores);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Score(ReadOnlySpan<byte> chunk, int entryCount, ReadOnlySpan<int> entries, Span<float> scores)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            scores[i] = Score(chunk, ScalarEntry.Read(chunk, entries[i]));
        }
    }

    /// <inheritdoc/>
    public override void ScoreUpperBounds(ReadOnlySpan<byte> chunk, Span<float> bounds)
        => ScoreRange(chunk, first: 0, areBounds: true, bounds);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void ScoreRange(ReadOnlySpan<byte> chunk, int first, bool areBounds, Span<float> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            ScalarEntry entry = ScalarEntry.Read(chunk, first + i);
            float score = Score(chunk, entry);
            scores[i] = areBounds ? Raise(score, entry) : score;
        }
    }

    // ⟨q, d⟩ = ⟨q̂, d̂⟩ + ⟨q - q̂, d̂⟩ + ⟨q, d - d̂⟩, and by Cauchy and Schwarz the last two are at most |q - q̂| |d̂| + |q| |d - d̂|. A
    // maximum moves by no more than its inputs, so with the largest |d̂| and |d - d̂| of the entry this holds for the whole MaxSim.
    private float Raise(float score, ScalarEntry entry)
    {
        double error = (_queryError * entry.Norm) + (_queryNorm * entry.Error);
        double rounding = _roundingError * (_queryNorm + _queryError) * ((double)entry.Norm + entry.Error);
        return Rounding.Up(score + error + rounding);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Score(ReadOnlySpan<byte> chunk, ScalarEntry entry)
    {
        int size = (int)PackedRows.GetSizeInBytes(_scorer.Format, entry.RowCount, _scorer.Dimension);
        return _scorer.Score(chunk.Slice(entry.Offset, size), entry.RowCount);
    }

    private static double GetRoundedDistance(ReadOnlySpan<float> row, Span<sbyte> codes)
    {
        double scale = Int8Query.Quantize(row, codes);
        double sum = 0;
        for (int k = 0; k < row.Length; k++)
        {
            double difference = row[k] - (codes[k] * scale);
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
