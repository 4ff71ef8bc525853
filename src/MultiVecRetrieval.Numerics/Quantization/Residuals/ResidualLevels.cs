namespace MultiVecRetrieval.Numerics.Quantization.Residuals;

/// <summary>Per dimension, the 2ᵇ values that a residual is rounded to.</summary>
internal sealed class ResidualLevels
{
    private const int Iterations = 12;

    private readonly float[] _cutoffs;
    private readonly int _count;

    /// <summary>Levels of every dimension.</summary>
    /// <param name="bits">b, 2 or 4.</param>
    /// <param name="values">[d × 2ᵇ], ascending within a dimension.</param>
    public ResidualLevels(int bits, float[] values)
    {
        Bits = bits;
        Values = values;
        _count = 1 << bits;
        _cutoffs = new float[values.Length];
        double squared = 0;
        for (int first = 0; first < values.Length; first += _count)
        {
            for (int level = 0; level < _count - 1; level++)
            {
                _cutoffs[first + level] = (values[first + level] / 2) + (values[first + level + 1] / 2);
            }

            double largest = Math.Max(Math.Abs(values[first]), Math.Abs(values[first + _count - 1]));
            squared += largest * largest;
        }

        LargestNorm = Math.Sqrt(squared);
    }

    /// <summary>b, bits of a dimension.</summary>
    public int Bits { get; }

    /// <summary>[d × 2ᵇ], ascending within a dimension.</summary>
    public float[] Values { get; }

    /// <summary>A length that no rounded residual exceeds.</summary>
    public double LargestNorm { get; }

    /// <summary>A level of a dimension.</summary>
    public float this[int dimension, int code] => Values[(dimension * _count) + code];

    /// <summary>The code of the level nearest to <paramref name="value"/>.</summary>
    public int Find(int dimension, float value)
    {
        // The number of cutoffs below the value: there are 2ᵇ - 1, so each of b steps settles a bit.
        ReadOnlySpan<float> cutoffs = _cutoffs.AsSpan(dimension * _count, _count);
        int code = 0;
        for (int step = _count / 2; step > 0; step /= 2)
        {
            code += value > cutoffs[code + step - 1] ? step : 0;
        }

        return code;
    }

    /// <summary>Levels for residuals, [rows × d]: quantiles first, then means of what each stands for (Lloyd 1982).</summary>
    public static ResidualLevels Train(int bits, int dimension, float[] residuals, int threads, CancellationToken cancellationToken)
    {
        int count = 1 << bits;
        int rowCount = residuals.Length / dimension;
        float[] levels = new float[dimension * count];
        Parallel.For(
            0, dimension, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, k =>
            {
                float[] sorted = new float[rowCount];
                for (int row = 0; row < rowCount; row++)
                {
                    sorted[row] = residuals[(row * dimension) + k];
                }

                Array.Sort(sorted);
                Train(sorted, levels.AsSpan(k * count, count));
            });
        return new ResidualLevels(bits, levels);
    }

    private static void Train(ReadOnlySpan<float> sorted, Span<float> levels)
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
                int end = start;
                for (; end < sorted.Length && sorted[end] <= cutoff; end++)
                {
                    sum += sorted[end];
                }

                // A level that stands for nothing stays where it is; the order is kept either way.
                levels[level] = end > start ? (float)(sum / (end - start)) : levels[level];
                start = end;
            }
        }
    }
}
