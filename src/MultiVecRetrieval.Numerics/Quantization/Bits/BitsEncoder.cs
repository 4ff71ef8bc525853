using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MultiVecRetrieval.Numerics.LinearAlgebra;

namespace MultiVecRetrieval.Numerics.Quantization.Bits;

/// <summary>Turns rows into bits; keeps what one row needs, so each thread has its own.</summary>
/// <remarks>
/// A coordinate falls into one of 2^b equal steps around 0. The steps of a row are scaled by its length and by the one of a few
/// factors that brings the code closest in direction. Everything adds in a fixed order with one rounding per operation: the bits are
/// the same at every instruction set.
/// </remarks>
internal sealed class BitsEncoder
{
    // Around 1, the step that is best for Gaussian values; a single row's values may be more or less spread out.
    private static readonly float[] StepFactors = [1f, 0.7f, 0.78f, 0.86f, 0.93f, 1.07f, 1.14f, 1.22f, 1.32f, 1.42f];

    private readonly BitsModel _model;
    private readonly int _paddedLength;
    private readonly float[] _centered;
    private readonly float[] _rotated;
    private readonly float[] _inverseSteps;
    private readonly float[] _halfSteps;
    private readonly float[] _lowest;
    private readonly float[] _highest;
    private readonly double[] _inverseDeviations;
    private readonly bool _isSignOnly;

    /// <summary>Prepares an encoder.</summary>
    public BitsEncoder(BitsModel model)
    {
        _model = model;
        int d = model.Dimension;
        _paddedLength = (d + Vector256<float>.Count - 1) / Vector256<float>.Count * Vector256<float>.Count;
        _centered = new float[d];
        _rotated = new float[_paddedLength];
        _inverseSteps = new float[_paddedLength];
        _halfSteps = new float[_paddedLength];
        _lowest = new float[_paddedLength];
        _highest = new float[_paddedLength];
        _inverseDeviations = new double[d];
        Levels = new float[_paddedLength];
        _isSignOnly = model.PlaneCount == 1;
        for (int k = 0; k < d; k++)
        {
            int bits = model.BitCounts[k];
            if (bits > 0 && model.Amplitudes[k] > 0)
            {
                _halfSteps[k] = model.Amplitudes[k] / (1 << (bits - 1));
                _inverseSteps[k] = 0.5f / _halfSteps[k];
                _lowest[k] = -(1 << (bits - 1));
                _highest[k] = (1 << (bits - 1)) - 1;
                _inverseDeviations[k] = GaussianSteps.Get(bits) / (2.0 * _halfSteps[k]);
            }
        }
    }

    /// <summary>c_k of the last row, d odd integers (and 1 where a coordinate has no bits).</summary>
    public float[] Levels { get; }

    /// <summary>R(x - μ) of the last row, d values.</summary>
    public ReadOnlySpan<float> Rotated => _rotated.AsSpan(0, _model.Dimension);

    /// <summary>Encodes one row: sets <see cref="Levels"/>.</summary>
    /// <exception cref="ArgumentException">The row is too long for float32 arithmetic.</exception>
    public EncodedRow Encode(ReadOnlySpan<float> row, ReadOnlySpan<float> center)
    {
        double squaredNorm = 0;
        for (int k = 0; k < row.Length; k++)
        {
            _centered[k] = row[k] - center[k];
            squaredNorm += (double)_centered[k] * _centered[k];
        }

        double centeredNorm = Math.Sqrt(squaredNorm);
        if (!(centeredNorm < 1e18))
        {
            throw new ArgumentException($"A row has the length {centeredNorm:g3}; bits can store up to 1e18.", nameof(row));
        }

        Rotate();
        double spread = GetSpread();
        float scale = spread > 1e-30 ? (float)(1 / spread) : 0;
        float best = 1;
        if (!_isSignOnly && scale > 0)
        {
            double bestCosine = -1;
            foreach (float factor in StepFactors)
            {
                double cosine = Quantize(scale / factor);
                if (cosine > bestCosine)
                {
                    (bestCosine, best) = (cosine, factor);
                }
            }
        }

        Quantize(scale / best);
        return Measure(centeredNorm);
    }

    // Σ over the input: each output adds in the order of the input.
    private void Rotate()
    {
        int d = _model.Dimension;
        Span<float> rotated = _rotated.AsSpan(0, d);
        rotated.Clear();
        for (int k = 0; k < d; k++)
        {
            RowOperations.AddScaled(_centered[k], _model.Rotation.AsSpan(k * d, d), rotated);
        }
    }

    // How much wider than the sample this row is spread; 1 for a typical one.
    private double GetSpread()
    {
        double sum = 0;
        int count = 0;
        for (int k = 0; k < _inverseDeviations.Length; k++)
        {
            if (_inverseDeviations[k] > 0)
            {
                double value = _rotated[k] * _inverseDeviations[k];
                sum += value * value;
                count++;
            }
        }

        return count == 0 ? 0 : Math.Sqrt(sum / count);
    }

    // Sets the levels; returns the squared cosine of row and code times the row's squared length.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Quantize(float scale)
    {
        ref float rotated = ref MemoryMarshal.GetArrayDataReference(_rotated);
        ref float inverse = ref MemoryMarshal.GetArrayDataReference(_inverseSteps);
        ref float half = ref MemoryMarshal.GetArrayDataReference(_halfSteps);
        ref float lowest = ref MemoryMarshal.GetArrayDataReference(_lowest);
        ref float highest = ref MemoryMarshal.GetArrayDataReference(_highest);
        ref float levels = ref MemoryMarshal.GetArrayDataReference(Levels);
        Vector256<float> scales = Vector256.Create(scale);
        Vector256<float> dot = Vector256<float>.Zero;
        Vector256<float> norm = Vector256<float>.Zero;
        for (nuint k = 0; k < (nuint)_paddedLength; k += (nuint)Vector256<float>.Count)
        {
            Vector256<float> values = Vector256.LoadUnsafe(ref rotated, k);
            Vector256<float> steps = Vector256.Floor(values * Vector256.LoadUnsafe(ref inverse, k) * scales);
            steps = Vector256.Min(Vector256.Max(steps, Vector256.LoadUnsafe(ref lowest, k)), Vector256.LoadUnsafe(ref highest, k));
            Vector256<float> level = steps + steps + Vector256<float>.One;
            level.StoreUnsafe(ref levels, k);
            Vector256<float> restored = level * Vector256.LoadUnsafe(ref half, k);
            dot += values * restored;
            norm += restored * restored;
        }

        double cosine = RowOperations.SumOf(dot);
        double length = RowOperations.SumOf(norm);
        return length > 0 && cosine > 0 ? cosine * cosine / length : 0;
    }

    private EncodedRow Measure(double centeredNorm)
    {
        double dot = 0;
        double codeNorm = 0;
        double codedNorm = 0;
        double fullNorm = 0;
        for (int k = 0; k < _model.Dimension; k++)
        {
            double value = _rotated[k];
            double restored = (double)Levels[k] * _halfSteps[k];
            dot += value * restored;
            codeNorm += restored * restored;
            codedNorm += restored != 0 ? value * value : 0;
            fullNorm += value * value;
        }

        // ⟨z, z⟩/⟨z, ẑ⟩ makes the estimate of ⟨q, z⟩ unbiased over rotations (Gao et al., RaBitQ, arXiv:2405.12497).
        double factor = dot > 0 ? codedNorm / dot : 0;
        return new EncodedRow(factor, centeredNorm, dot, codeNorm, fullNorm);
    }
}
