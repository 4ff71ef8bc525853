using MultiVecRetrieval.Numerics.Kernels.Bits;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>Query rows as integers, one per rotated coordinate, and what their sums are multiplied by.</summary>
/// <remarks>
/// The inner product with c_k / 2^(b_k - 1) is Σ_p 2^-p Σ_k ±w_k over the planes p and the coordinates k in them, so that one integer
/// W_k ≈ w_k / step per coordinate serves all planes. The step is the smallest for which no byte and no word overflows.
/// </remarks>
internal sealed class QueryWeights
{
    private readonly BitsModel _model;
    private readonly int _planeCount;

    /// <summary>Prepares the rows of a query.</summary>
    public QueryWeights(BitsModel model, MultiVectorView query, BitScoring scoring, int planeCount)
    {
        _model = model;
        _planeCount = planeCount;
        int d = model.Dimension;
        Weights = new short[query.RowCount * d];
        Steps = new double[query.RowCount];
        Constants = new double[query.RowCount];
        Norms = new double[query.RowCount];
        RoundingErrors = new double[query.RowCount];

        // Three bytes of bits at a time leave 8 bits for 24 weights: far finer than one or two bits of the rows; else half of that.
        StepsPerByteSum = scoring == BitScoring.Asymmetric && planeCount > 2 ? 0 : 1;
        for (int row = 0; row < query.RowCount; row++)
        {
            if (scoring == BitScoring.Asymmetric)
            {
                SetFine(query.Row(row), row);
            }
            else
            {
                SetCoarse(query.Row(row), row, scoring);
            }
        }

        if (scoring != BitScoring.Asymmetric)
        {
            StepsPerByteSum = FindStepsPerByteSum();
        }
    }

    /// <summary>W_k, [query rows × d].</summary>
    public short[] Weights { get; }

    /// <summary>Per query row, what a sum is multiplied by besides the row's factor; planes count as 1, 1/2, 1/4...</summary>
    public double[] Steps { get; }

    /// <summary>Per query row, what is added to every inner product: ⟨q, μ⟩.</summary>
    public double[] Constants { get; }

    /// <summary>Per query row, |q - m|.</summary>
    public double[] Norms { get; }

    /// <summary>Per query row, how much rounding to integers can change an inner product with a row of factor 1.</summary>
    public double[] RoundingErrors { get; }

    /// <summary>As <see cref="PlaneShape.StepsPerByteSum"/>.</summary>
    public int StepsPerByteSum { get; }

    /// <summary>Copies the weights of a row as a plane orders them, eight a byte, zeros where there is no coordinate.</summary>
    public void CopyTo(int row, int plane, Span<short> weights)
    {
        weights.Clear();
        int[] coordinates = _model.Planes[plane];
        ReadOnlySpan<short> source = Weights.AsSpan(row * _model.Dimension, _model.Dimension);
        for (int i = 0; i < coordinates.Length; i++)
        {
            weights[i] = source[coordinates[i]];
        }
    }

    /// <summary>Σ |W_k| over the coordinates of a plane.</summary>
    public int GetTotal(int row, int plane)
    {
        int total = 0;
        foreach (int k in _model.Planes[plane])
        {
            total += Math.Abs(Weights[(row * _model.Dimension) + k]);
        }

        return total;
    }

    private void SetFine(ReadOnlySpan<float> query, int row)
    {
        int d = _model.Dimension;
        double[] rotated = new double[d];
        double norm = 0;
        double constant = 0;
        for (int k = 0; k < d; k++)
        {
            double value = query[k] - (_model.HasBias ? (double)_model.QueryMean[k] : 0);
            RowOperations.AddScaled(value, _model.Rotation.AsSpan(k * d, d), rotated);
            norm += value * value;
            constant += (double)query[k] * _model.Mean[k];
        }

        for (int k = 0; k < d; k++)
        {
            rotated[k] *= _model.Amplitudes[k];
        }

        Norms[row] = Math.Sqrt(norm);
        Constants[row] = constant;
        RoundToIntegers(rotated, row);
    }

    private void SetCoarse(ReadOnlySpan<float> query, int row, BitScoring scoring)
    {
        int d = _model.Dimension;
        BitsEncoder encoder = new(_model);
        float[] center = _model.HasBias ? _model.QueryMean : new float[d];
        EncodedRow encoded = encoder.Encode(query, center);
        for (int k = 0; k < d; k++)
        {
            Constants[row] += scoring == BitScoring.Hamming ? 0 : (double)query[k] * _model.Mean[k];
        }

        // c of the first planes only: an odd integer again.
        short[] levels = new short[d];
        for (int k = 0; k < d; k++)
        {
            int bits = _model.BitCounts[k];
            int used = Math.Min(bits, _planeCount);
            int code = ((int)encoder.Levels[k] + (1 << bits) - 1) >> 1;
            levels[k] = (short)(bits == 0 ? 0 : (2 * (code >> (bits - used))) + 1 - (1 << used));
        }

        float factor = (float)encoded.Factor * _model.PlaneFactors[_planeCount - 1];
        bool isUniform = !_model.Amplitudes.AsSpan().ContainsAnyExcept(_model.Amplitudes[0])
            && !_model.BitCounts.AsSpan().ContainsAnyExcept(_model.BitCounts[0]);
        if (scoring == BitScoring.Hamming)
        {
            levels.CopyTo(Weights.AsSpan(row * d));
            Steps[row] = 1.0 / _model.Planes[0].Length;
        }
        else if (isUniform && _planeCount <= 4)
        {
            levels.CopyTo(Weights.AsSpan(row * d));
            Steps[row] = (double)factor * _model.Amplitudes[0] * _model.Amplitudes[0] / (1 << (_planeCount - 1));
        }
        else
        {
            double[] values = new double[d];
            for (int k = 0; k < d; k++)
            {
                int used = Math.Max(1, Math.Min(_model.BitCounts[k], _planeCount));
                values[k] = (double)factor * _model.Amplitudes[k] * _model.Amplitudes[k] * levels[k] / (1 << (used - 1));
            }

            RoundToIntegers(values, row);
        }
    }

    private void RoundToIntegers(ReadOnlySpan<double> values, int row)
    {
        Span<short> weights = Weights.AsSpan(row * _model.Dimension, _model.Dimension);
        double largest = 0;
        foreach (int k in _model.Planes[0])
        {
            largest = Math.Max(largest, Math.Abs(values[k]));
        }

        if (!(largest > 0))
        {
            return;
        }

        short[] ordered = new short[8 * _model.GetPlaneSize(0)];
        double step = largest / byte.MaxValue;
        for (int attempt = 0; ; attempt++)
        {
            Round(values, step, weights);
            double excess = GetExcess(row, ordered);
            if (excess <= 1)
            {
                break;
            }

            // Rounding may push a sum over its bound again, so the first attempt aims at the bound and later ones a little below.
            step *= attempt == 0 ? excess : Math.Max(excess, 1.004);
        }

        Steps[row] = step;
        for (int k = 0; k < values.Length; k++)
        {
            int bits = _model.BitCounts[k];
            double level = bits == 0 ? 0 : 2 - (1.0 / (1 << (bits - 1)));
            RoundingErrors[row] += level * Math.Abs(values[k] - (step * weights[k]));
        }
    }

    private void Round(ReadOnlySpan<double> values, double step, Span<short> weights)
    {
        double inverse = 1 / step;
        for (int k = 0; k < values.Length; k++)
        {
            weights[k] = (short)(_model.BitCounts[k] == 0 ? 0 : Math.Round(values[k] * inverse));
        }
    }

    // How many times too large the largest sum is.
    private double GetExcess(int row, short[] ordered)
    {
        double excess = 0;
        for (int plane = 0; plane < _planeCount; plane++)
        {
            if (plane > 0 && _model.Planes[plane].Length == _model.Planes[0].Length)
            {
                continue;
            }

            int length = 8 * _model.GetPlaneSize(plane);
            CopyTo(row, plane, ordered.AsSpan(0, length));
            PlaneShape shape = new(length / 8, StepsPerByteSum);
            excess = Math.Max(excess, (double)shape.GetLargestByteSum(ordered.AsSpan(0, length)) / byte.MaxValue);
            excess = Math.Max(excess, (double)GetTotal(row, plane) / ushort.MaxValue);
        }

        return excess;
    }

    // Small integers: as many steps in a byte as all rows allow.
    private int FindStepsPerByteSum()
    {
        const int most = 10;
        int d = _model.Dimension;
        for (int steps = most; steps > 0; steps--)
        {
            bool fits = true;
            for (int row = 0; row < Steps.Length && fits; row++)
            {
                for (int plane = 0; plane < _planeCount && fits; plane++)
                {
                    short[] ordered = new short[8 * _model.GetPlaneSize(plane)];
                    CopyTo(row, plane, ordered);
                    fits = new PlaneShape(ordered.Length / 8, steps).GetLargestByteSum(ordered) <= byte.MaxValue;
                }
            }

            if (fits)
            {
                return steps;
            }
        }

        return 0;
    }
}
