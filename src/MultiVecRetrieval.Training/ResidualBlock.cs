using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>One block in training: y = x + W2·relu(BN(x·W1)) + bias, BN over the rows of the batch.</summary>
/// <remarks>W2 and the bias are zero at first, so that a new block changes nothing. W1 has no bias: BN would take it away.</remarks>
internal sealed class ResidualBlock
{
    private const float VarianceFloor = 1e-5f;
    // Columns that one task sums up: their running sums stay in the first-level cache.
    private const int ColumnRun = 64;

    private readonly Parameter _weights1, _scale, _shift, _weights2, _bias;
    private float[] _mean = [], _deviation = [];
    private Matrix? _input, _normalized, _active;

    public ResidualBlock(int dimension, int hidden, Random random)
    {
        _weights1 = new Parameter(new Matrix(dimension, hidden), decays: true);
        _scale = new Parameter(new Matrix(1, hidden), decays: false);
        _shift = new Parameter(new Matrix(1, hidden), decays: false);
        _weights2 = new Parameter(new Matrix(hidden, dimension), decays: true);
        _bias = new Parameter(new Matrix(1, dimension), decays: false);
        // Xavier, uniform: variance 2 / (inputs + outputs).
        double limit = Math.Sqrt(6.0 / (dimension + hidden));
        Span<float> weights = _weights1.Values.Span;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)(((2 * random.NextDouble()) - 1) * limit);
        }

        _scale.Values.Span.Fill(1);
    }

    /// <summary>W1, scale and shift of BN, W2, bias; in this order.</summary>
    public IReadOnlyList<Parameter> Parameters => [_weights1, _scale, _shift, _weights2, _bias];

    /// <summary>y for a batch; what the gradient needs is kept until the next call.</summary>
    public Matrix Forward(Matrix input, int threads)
    {
        int rows = input.Rows, hidden = _scale.Values.Columns;
        Matrix normalized = new(rows, hidden), active = new(rows, hidden);
        Gemm.Multiply(input, false, _weights1.Values, false, normalized, threads: threads);
        Normalize(normalized, threads);
        float[] scale = _scale.Values.Values, shift = _shift.Values.Values;
        Parallel.For(0, rows, Limit(threads), row =>
        {
            ReadOnlySpan<float> from = normalized[row];
            Span<float> to = active[row];
            for (int j = 0; j < to.Length; j++)
            {
                float value = (from[j] * scale[j]) + shift[j];
                to[j] = value > 0 ? value : 0;
            }
        });
        Matrix output = new(rows, input.Columns);
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> from = input[row];
            Span<float> to = output[row];
            for (int j = 0; j < to.Length; j++)
            {
                to[j] = from[j] + _bias.Values.Values[j];
            }
        }

        Gemm.Multiply(active, false, _weights2.Values, false, output, accumulate: true, threads: threads);
        (_input, _normalized, _active) = (input, normalized, active);
        return output;
    }

    /// <summary>Sets the gradients of the parameters from dL/dy of the last <see cref="Forward"/>.</summary>
    /// <param name="inputGradient">dL/dx, or null when nobody asks for it.</param>
    public void Backward(Matrix gradient, Matrix? inputGradient, int threads)
    {
        Matrix input = _input!, normalized = _normalized!, active = _active!;
        Gemm.Multiply(active, true, gradient, false, _weights2.Gradient, threads: threads);
        Span<float> bias = _bias.Gradient.Span;
        bias.Clear();
        for (int row = 0; row < gradient.Rows; row++)
        {
            RowMath.AddScaled(gradient[row], 1, bias);
        }

        Matrix hidden = new(active.Rows, active.Columns);
        Gemm.Multiply(gradient, false, _weights2.Values, true, hidden, threads: threads);
        BackwardNormalize(hidden, normalized, active, threads);
        Gemm.Multiply(input, true, hidden, false, _weights1.Gradient, threads: threads);
        if (inputGradient is not null)
        {
            gradient.Span.CopyTo(inputGradient.Span);
            Gemm.Multiply(hidden, false, _weights1.Values, true, inputGradient, accumulate: true, threads: threads);
        }
    }

    /// <summary>The block with the mean and deviation of <paramref name="population"/> in place of those of a batch.</summary>
    public FrozenBlock Freeze(Matrix population, int threads)
    {
        Matrix sums = new(population.Rows, _scale.Values.Columns);
        Gemm.Multiply(population, false, _weights1.Values, false, sums, threads: threads);
        Normalize(sums, threads);
        Matrix weights = _weights1.Values.Clone();
        float[] offset = new float[weights.Columns];
        for (int j = 0; j < offset.Length; j++)
        {
            float factor = _scale.Values.Values[j] / _deviation[j];
            offset[j] = _shift.Values.Values[j] - (_mean[j] * factor);
            for (int i = 0; i < weights.Rows; i++)
            {
                weights[i][j] *= factor;
            }
        }

        return new FrozenBlock(weights, offset, _weights2.Values.Clone(), [.. _bias.Values.Span]);
    }

    private static ParallelOptions Limit(int threads) => new() { MaxDegreeOfParallelism = threads };

    // Replaces each column by (x - mean) / deviation and keeps both.
    private void Normalize(Matrix values, int threads)
    {
        float[] mean = new float[values.Columns], deviation = new float[values.Columns];
        Parallel.For(0, (values.Columns + ColumnRun - 1) / ColumnRun, Limit(threads), run =>
        {
            int first = run * ColumnRun, count = Math.Min(ColumnRun, values.Columns - first);
            Span<float> means = mean.AsSpan(first, count), deviations = deviation.AsSpan(first, count);
            for (int row = 0; row < values.Rows; row++)
            {
                RowMath.AddScaled(values[row].Slice(first, count), 1, means);
            }

            for (int j = 0; j < count; j++)
            {
                means[j] /= values.Rows;
            }

            for (int row = 0; row < values.Rows; row++)
            {
                Span<float> part = values[row].Slice(first, count);
                RowMath.AddScaled(means, -1, part);
                RowMath.AddProducts(part, part, deviations);
            }

            for (int j = 0; j < count; j++)
            {
                deviations[j] = MathF.Sqrt((deviations[j] / values.Rows) + VarianceFloor);
            }

            for (int row = 0; row < values.Rows; row++)
            {
                Span<float> part = values[row].Slice(first, count);
                for (int j = 0; j < count; j++)
                {
                    part[j] /= deviations[j];
                }
            }
        });
        (_mean, _deviation) = (mean, deviation);
    }

    // From dL/d relu to dL/d(x·W1), in place; sets the gradients of scale and shift.
    private void BackwardNormalize(Matrix gradient, Matrix normalized, Matrix active, int threads)
    {
        int rows = gradient.Rows;
        float[] scale = _scale.Values.Values, deviation = _deviation;
        _scale.Gradient.Span.Clear();
        _shift.Gradient.Span.Clear();
        Parallel.For(0, (gradient.Columns + ColumnRun - 1) / ColumnRun, Limit(threads), run =>
        {
            int first = run * ColumnRun, count = Math.Min(ColumnRun, gradient.Columns - first);
            Span<float> sums = _shift.Gradient.Span.Slice(first, count), products = _scale.Gradient.Span.Slice(first, count);
            for (int row = 0; row < rows; row++)
            {
                Span<float> part = gradient[row].Slice(first, count);
                ReadOnlySpan<float> open = active[row].Slice(first, count);
                for (int j = 0; j < count; j++)
                {
                    part[j] = open[j] > 0 ? part[j] : 0;
                }

                RowMath.AddScaled(part, 1, sums);
                RowMath.AddProducts(part, normalized[row].Slice(first, count), products);
            }

            for (int row = 0; row < rows; row++)
            {
                Span<float> part = gradient[row].Slice(first, count);
                ReadOnlySpan<float> x = normalized[row].Slice(first, count);
                for (int j = 0; j < count; j++)
                {
                    part[j] = scale[first + j] * (part[j] - (sums[j] / rows) - (x[j] * products[j] / rows)) / deviation[first + j];
                }
            }
        });
    }
}
