namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>For each target position along one axis: the source positions it covers and their fixed-point weights.</summary>
/// <remarks>Weights carry 22 fraction bits and sum to about 2²², so Σ w·p with 8-bit p stays inside int32 for every filter.</remarks>
internal sealed class ResampleWeights
{
    /// <summary>Fraction bits of a weight: 32 minus 8 pixel bits minus 2 bits for overshoot and sign.</summary>
    public const int PrecisionBits = 22;

    private readonly int[] _first;
    private readonly int[] _count;
    private readonly int[] _values;

    private ResampleWeights(int[] first, int[] count, int[] values, int stride)
    {
        _first = first;
        _count = count;
        _values = values;
        MaxCount = stride;
    }

    /// <summary>The number of target positions.</summary>
    public int Length => _first.Length;

    /// <summary>The largest number of source positions that one target position covers.</summary>
    public int MaxCount { get; }

    /// <summary>First source position of target <paramref name="index"/>; never decreases with the index.</summary>
    public int First(int index) => _first[index];

    /// <summary>Number of source positions of target <paramref name="index"/>.</summary>
    public int Count(int index) => _count[index];

    /// <summary>Fixed-point weights of target <paramref name="index"/>, one per source position.</summary>
    public ReadOnlySpan<int> Values(int index) => _values.AsSpan(index * MaxCount, _count[index]);

    /// <summary>Computes the weights for resizing <paramref name="sourceLength"/> positions to <paramref name="targetLength"/>.</summary>
    /// <exception cref="ArgumentException">The table would be larger than an array can be.</exception>
    /// <remarks>Source: the formulas of Pillow's Resample.c (precompute_coeffs, normalize_coeffs_8bpc), in its order of
    /// operations.</remarks>
    public static ResampleWeights Create(int sourceLength, int targetLength, ResampleFilter filter)
    {
        double scale = (double)sourceLength / targetLength;
        double filterScale = Math.Max(scale, 1);
        double support = ResampleKernel.Support(filter) * filterScale;
        double inverse = 1 / filterScale;
        int[] first = new int[targetLength];
        int[] count = new int[targetLength];
        for (int i = 0; i < targetLength; i++)
        {
            double center = (i + 0.5) * scale;
            first[i] = Math.Max(0, (int)(center - support + 0.5));
            count[i] = Math.Min(sourceLength, (int)(center + support + 0.5)) - first[i];
        }

        int stride = Math.Max(1, count.Max());
        if ((long)stride * targetLength > Array.MaxLength)
        {
            throw new ArgumentException(
                $"Resizing {sourceLength} to {targetLength} positions needs {(long)stride * targetLength} weights.");
        }

        int[] values = new int[stride * targetLength];
        double[] weights = new double[stride];
        for (int i = 0; i < targetLength; i++)
        {
            double center = (i + 0.5) * scale;
            double sum = 0;
            for (int k = 0; k < count[i]; k++)
            {
                weights[k] = ResampleKernel.Evaluate(filter, (k + first[i] - center + 0.5) * inverse);
                sum += weights[k];
            }

            for (int k = 0; k < count[i]; k++)
            {
                double weight = sum == 0 ? weights[k] : weights[k] / sum;
                values[(i * stride) + k] = (int)((weight * (1 << PrecisionBits)) + (weight < 0 ? -0.5 : 0.5));
            }
        }

        return new ResampleWeights(first, count, values, stride);
    }

    /// <summary>
    /// Packs the weights for 16-bit multiply-add: each weight w = high·2¹⁵ + low with low in [0, 2¹⁵). Per group of
    /// <paramref name="groupSize"/> weights, first the low then the high parts; the tail is filled with zero weights.
    /// </summary>
    /// <returns>[length × groups × 2 × groupSize], with groups = ⌈MaxCount / groupSize⌉.</returns>
    public short[] Pack(int groupSize)
    {
        int groupCount = (MaxCount + groupSize - 1) / groupSize;
        short[] packed = new short[checked(Length * groupCount * 2 * groupSize)];
        for (int i = 0; i < Length; i++)
        {
            ReadOnlySpan<int> values = Values(i);
            int row = i * groupCount * 2 * groupSize;
            for (int k = 0; k < values.Length; k++)
            {
                int at = row + (k / groupSize * 2 * groupSize) + (k % groupSize);
                packed[at] = (short)(values[k] & 0x7FFF);
                packed[at + groupSize] = (short)(values[k] >> 15);
            }
        }

        return packed;
    }
}
