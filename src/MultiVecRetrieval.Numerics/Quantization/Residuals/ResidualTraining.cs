using MultiVecRetrieval.Numerics.LinearAlgebra;
using MultiVecRetrieval.Numerics.Quantization.Bits;

namespace MultiVecRetrieval.Numerics.Quantization.Residuals;

/// <summary>Finds the rotation, the bits and the levels for residuals.</summary>
/// <remarks>
/// Encoders put most of the variance of their rows into few directions, and what a centroid leaves is no different: coordinates are
/// principal components, and each bit goes where it removes most error of inner products with queries. Where queries are not known, rows
/// stand in. Levels are quantiles first, then means of what each stands for (Lloyd 1982), weighted by the squared scale of a row, with
/// which its errors are multiplied.
/// </remarks>
internal sealed class ResidualTraining
{
    private const int Iterations = 12;

    // Room for rows whose scale is above all but one in a thousand of the sample's.
    private const double Headroom = 1.1;
    private const double ScaleQuantile = 0.999;

    // Part of the mean power of queries that every direction has at least: what is asked later may differ from the sample.
    private const double PowerFloor = 0.02;

    private readonly int _dimension;
    private readonly float[] _residuals;
    private readonly int _rowCount;
    private readonly ParallelOptions _parallel;

    /// <summary>Prepares training.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="residuals">What centroids leave of rows, [rows × d].</param>
    /// <param name="threads">Threads to use; the result does not depend on it.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public ResidualTraining(int dimension, float[] residuals, int threads, CancellationToken cancellationToken)
    {
        _dimension = dimension;
        _residuals = residuals;
        _rowCount = residuals.Length / dimension;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
    }

    /// <summary>Trains a model.</summary>
    /// <param name="bits">Bits of a coordinate on average.</param>
    /// <param name="queries">Rows like those that will be asked, [rows × d].</param>
    public ResidualModel Run(int bits, float[] queries)
    {
        double[] variances = new double[_dimension];
        double[] vectors = SymmetricEigen.Decompose(
            Covariance.Compute(_residuals, _dimension, _parallel.MaxDegreeOfParallelism, _parallel.CancellationToken), _dimension,
                variances);
        float[] rotation = [.. vectors.Select(value => (float)value)];
        Centroids directions = new(_dimension, rotation, isSpherical: true);
        float[] rotated = Multiply(directions, _residuals);
        double[] powers = GetMeanSquares(Multiply(directions, queries));
        double floor = PowerFloor * powers.Average();
        double[] errors = [.. variances.Select((variance, k) => Math.Max(0, variance) * (powers[k] + floor))];
        byte[] bitCounts =
            [.. BitAllocation.Allocate(errors, [.. Enumerable.Range(1, _dimension)], (long)bits * _dimension).Select(count => (byte)count)];
        float[] deviations = [.. GetMeanSquares(rotated).Select(square => (float)Math.Sqrt(square))];
        float[] scales = GetScales(rotated, bitCounts, deviations);

        // So that scales are numbers up to 255: what they are multiplied with takes the factor.
        float[] sorted = [.. scales.Order()];
        double largest = Headroom * sorted[(int)(ScaleQuantile * (sorted.Length - 1))];
        float unit = (float)(largest > 0 ? largest / ResidualModel.MaxScale : 1);
        for (int row = 0; row < _rowCount; row++)
        {
            scales[row] /= unit;
        }

        int codeCount = ResidualPart.GetCodeCount(bits * _dimension);
        float[] levels = TrainLevels(rotated, scales, ResidualPart.Divide(bitCounts, codeCount));
        return new ResidualModel(rotation, bitCounts, codeCount, [.. deviations.Select(deviation => deviation * unit)], levels);
    }

    private static float[] Multiply(Centroids directions, float[] rows)
    {
        float[] products = new float[rows.Length];
        directions.Multiply(rows, products);
        return products;
    }

    private double[] GetMeanSquares(float[] rows)
    {
        double[] sums = new double[_dimension];
        for (int i = 0; i < rows.Length; i++)
        {
            sums[i % _dimension] += (double)rows[i] * rows[i];
        }

        int count = Math.Max(1, rows.Length / _dimension);
        return [.. sums.Select(sum => sum / count)];
    }

    // Of each row, as the encoder guesses it first.
    private float[] GetScales(float[] rotated, byte[] bitCounts, float[] deviations)
    {
        float[] scales = new float[_rowCount];
        int count = 0;
        for (int k = 0; k < _dimension; k++)
        {
            count += bitCounts[k] > 0 && deviations[k] > 0 ? 1 : 0;
        }

        for (int row = 0; row < _rowCount && count > 0; row++)
        {
            double sum = 0;
            for (int k = 0; k < _dimension; k++)
            {
                double value = bitCounts[k] > 0 && deviations[k] > 0 ? rotated[(row * _dimension) + k] / (double)deviations[k] : 0;
                sum += value * value;
            }

            scales[row] = (float)Math.Sqrt(sum / count);
        }

        return scales;
    }

    private float[] TrainLevels(float[] rotated, float[] scales, ResidualPart[] parts)
    {
        float[] levels = new float[parts.Sum(part => part.LevelCount)];
        Parallel.For(0, _dimension, _parallel, k =>
        {
            float[] left = new float[_rowCount];
            for (int row = 0; row < _rowCount; row++)
            {
                left[row] = scales[row] > 0 ? rotated[(row * _dimension) + k] / scales[row] : 0;
            }

            // Each part refines what those before it leave.
            foreach (ResidualPart part in parts)
            {
                if (part.Coordinate == k)
                {
                    Span<float> target = levels.AsSpan(part.FirstLevel, part.LevelCount);
                    float[] sorted = (float[])left.Clone();
                    float[] weights = [.. scales.Select(scale => scale * scale)];
                    Array.Sort(sorted, weights);
                    Train(sorted, weights, target);
                    Subtract(left, target);
                }
            }
        });
        return levels;
    }

    private static void Train(ReadOnlySpan<float> sorted, ReadOnlySpan<float> weights, Span<float> levels)
    {
        for (int level = 0; level < levels.Length; level++)
        {
            // The middle of the quantile that the level stands for: 1/2ᵇ of all values.
            levels[level] = sorted[(int)((level + 0.5) * sorted.Length / levels.Length)];
        }

        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            int start = 0;
            for (int level = 0; level < levels.Length; level++)
            {
                float cutoff = level + 1 < levels.Length ? (levels[level] / 2) + (levels[level + 1] / 2) : float.PositiveInfinity;
                double sum = 0;
                double weight = 0;
                int end = start;
                for (; end < sorted.Length && sorted[end] <= cutoff; end++)
                {
                    sum += (double)weights[end] * sorted[end];
                    weight += weights[end];
                }

                // A level that stands for nothing stays where it is; the order is kept either way.
                levels[level] = weight > 0 ? (float)(sum / weight) : levels[level];
                start = end;
            }
        }
    }

    private static void Subtract(Span<float> values, ReadOnlySpan<float> levels)
    {
        foreach (ref float value in values)
        {
            float nearest = levels[0];
            foreach (float level in levels)
            {
                nearest = Math.Abs(value - level) < Math.Abs(value - nearest) ? level : nearest;
            }

            value -= nearest;
        }
    }
}
