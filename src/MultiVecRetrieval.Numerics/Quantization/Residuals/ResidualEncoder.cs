namespace MultiVecRetrieval.Numerics.Quantization.Residuals;

/// <summary>Finds the scale and the bits of rows, one row at a time; keeps what that needs, so each thread has its own.</summary>
internal sealed class ResidualEncoder
{
    // Around the deviation of a row from the sample's: flatter rows are best at a smaller scale, peaked ones at a larger.
    private static readonly float[] ScaleFactors = [0.75f, 0.92f, 1.1f, 1.35f];

    private readonly ResidualModel _model;
    private readonly float[] _cutoffs;
    private readonly float[] _left;
    private readonly byte[] _chosen;
    private readonly double[] _inverseDeviations;

    /// <summary>Prepares an encoder.</summary>
    public ResidualEncoder(ResidualModel model)
    {
        _model = model;
        _left = new float[model.Dimension];
        _chosen = new byte[model.Parts.Length];
        Restored = new float[model.Dimension];
        _cutoffs = new float[model.Levels.Length];
        foreach (ResidualPart part in model.Parts)
        {
            for (int level = part.FirstLevel; level < part.FirstLevel + part.LevelCount - 1; level++)
            {
                _cutoffs[level] = (model.Levels[level] / 2) + (model.Levels[level + 1] / 2);
            }
        }

        _inverseDeviations = [.. model.BitCounts.Select((bits, k) => bits > 0 && model.Deviations[k] > 0 ? 1.0 / model.Deviations[k] : 0)];
    }

    /// <summary>ẑ of the last row.</summary>
    public float[] Restored { get; }

    /// <summary>Encodes a row.</summary>
    /// <param name="rotated">z = R(x - C), d values.</param>
    /// <param name="codes">Takes its codes of 4 bits; zeros before.</param>
    /// <returns>Its scale.</returns>
    public byte Encode(ReadOnlySpan<float> rotated, Span<byte> codes)
    {
        double guess = GetSpread(rotated);
        Array.Clear(Restored);
        if (!(guess > 0))
        {
            return 0;
        }

        int best = 0;
        double leastError = double.PositiveInfinity;
        int last = 0;
        foreach (float factor in ScaleFactors)
        {
            int scale = (int)Math.Clamp(Math.Round(guess * factor), 1, ResidualModel.MaxScale);
            if (scale == last)
            {
                continue;
            }

            last = scale;
            double error = Quantize(rotated, scale);
            if (error < leastError)
            {
                (best, leastError) = (scale, error);
            }
        }

        if (best == 0)
        {
            // Beyond float32 nothing comes close.
            return 0;
        }

        Quantize(rotated, best);
        for (int i = 0; i < _model.Parts.Length; i++)
        {
            ResidualPart part = _model.Parts[i];
            codes[part.Code] |= (byte)(_chosen[i] << part.Shift);
            Restored[part.Coordinate] += best * _model.Levels[part.FirstLevel + _chosen[i]];
        }

        return (byte)best;
    }

    // The root of the mean squared coordinate, each in units of its own deviation.
    private double GetSpread(ReadOnlySpan<float> rotated)
    {
        double sum = 0;
        int count = 0;
        for (int k = 0; k < rotated.Length; k++)
        {
            if (_inverseDeviations[k] > 0)
            {
                double value = rotated[k] * _inverseDeviations[k];
                sum += value * value;
                count++;
            }
        }

        return count == 0 ? 0 : Math.Sqrt(sum / count);
    }

    // Sets what each coordinate is restored to in units of the scale, and what is left of it; returns the squared error.
    private double Quantize(ReadOnlySpan<float> rotated, int scale)
    {
        float inverse = 1f / scale;
        for (int k = 0; k < rotated.Length; k++)
        {
            _left[k] = rotated[k] * inverse;
        }

        ReadOnlySpan<float> levels = _model.Levels;
        for (int i = 0; i < _model.Parts.Length; i++)
        {
            ResidualPart part = _model.Parts[i];
            ref float left = ref _left[part.Coordinate];
            _chosen[i] = (byte)Find(part, left);
            left -= levels[part.FirstLevel + _chosen[i]];
        }

        double error = 0;
        foreach (float left in _left)
        {
            error += (double)left * left;
        }

        return error * scale * scale;
    }

    // The number of cutoffs below the value: there are 2ᵇ - 1, so each of b steps settles a bit.
    private int Find(ResidualPart part, float value)
    {
        ReadOnlySpan<float> cutoffs = _cutoffs.AsSpan(part.FirstLevel, part.LevelCount);
        int level = 0;
        for (int step = part.LevelCount / 2; step > 0; step /= 2)
        {
            level += value > cutoffs[level + step - 1] ? step : 0;
        }

        return level;
    }
}
