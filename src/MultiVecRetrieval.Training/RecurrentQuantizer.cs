using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>
/// Recurrent binarisation of a row u, and its gradient with signs straight through. With ũ = u·√m/‖u‖ and a fixed step c:
/// b₀ = sign(ũ), b_k = b_{k-1} + 2^-k·sign(ũ - c·b_{k-1}). Every value of b is an odd number / 2^(bits-1), plane 0 is the sign. The row
/// is then v = b·‖u‖²/⟨u, b⟩, so that ⟨u, v⟩ = ‖u‖². sign(0) is 1.
/// </summary>
/// <remarks>
/// Source: Gan et al., Binary Embedding-based Retrieval at Tencent, arXiv:2302.08714, with the residual's encoder and decoder in closed
/// form. The sign passes a gradient where its argument is in [-1, 1].
/// </remarks>
/// <param name="bits">Bits per value, in [1, 4].</param>
/// <param name="isSmooth">Use max(-1, min(1, x)) for the sign: the function whose true gradient the straight-through one is.</param>
internal sealed class RecurrentQuantizer(int bits, bool isSmooth = false)
{
    // Steps of the uniform quantisers of 2, 4, 8, 16 levels with the least square error on a Gaussian of variance 1, halved
    // as often as makes the levels odd / 2^(bits-1): c = Δ·2^(bits-2). (Max, Quantizing for minimum distortion, 1960.)
    private static readonly float[] Steps = [1.596f / 2, 0.9957f, 0.586f * 2, 0.3352f * 4];

    private readonly float _step = Steps[bits - 1];

    public int Bits => bits;

    /// <summary>b of values that have unit variance, <paramref name="code"/>[i] odd / 2^(bits-1).</summary>
    public void Encode(ReadOnlySpan<float> values, Span<float> code)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i], b = Sign(value), weight = 1;
            for (int k = 1; k < bits; k++)
            {
                weight /= 2;
                b += weight * Sign(value - (_step * b));
            }

            code[i] = b;
        }
    }

    /// <summary>v of a row; zeros for a row of zeros.</summary>
    public void Quantize(ReadOnlySpan<float> row, Span<float> quantized)
    {
        float norm = MathF.Sqrt(RowMath.Dot(row, row));
        if (norm == 0)
        {
            quantized.Clear();
            return;
        }

        Span<float> scaled = row.Length <= 1024 ? stackalloc float[row.Length] : new float[row.Length];
        Scale(row, MathF.Sqrt(row.Length) / norm, scaled);
        Encode(scaled, quantized);
        float factor = norm * MathF.Sqrt(row.Length) / RowMath.Dot(scaled, quantized);
        Scale(quantized, factor, quantized);
    }

    /// <summary>Adds dL/du to <paramref name="rowGradient"/>, given dL/dv.</summary>
    public void Backpropagate(ReadOnlySpan<float> row, ReadOnlySpan<float> gradient, Span<float> rowGradient)
    {
        int m = row.Length;
        float norm = MathF.Sqrt(RowMath.Dot(row, row)), root = MathF.Sqrt(m);
        if (norm == 0)
        {
            return;
        }

        float[] buffer = new float[3 * m];
        Span<float> scaled = buffer.AsSpan(0, m), code = buffer.AsSpan(m, m), change = buffer.AsSpan(2 * m);
        Scale(row, root / norm, scaled);
        Encode(scaled, code);
        float s = RowMath.Dot(scaled, code), t = RowMath.Dot(gradient, code);

        // v = ‖u‖·√m·b/S with S = ⟨ũ, b⟩. dL/db goes through the signs to ũ, and S holds ũ itself.
        float outer = norm * root / s;
        for (int i = 0; i < m; i++)
        {
            float toCode = outer * (gradient[i] - (t / s * scaled[i]));
            change[i] = (toCode * SignGradient(scaled[i])) - (outer * t / s * code[i]);
        }

        // ũ = u·√m/‖u‖: the part along u is lost. And v grows with ‖u‖.
        float along = RowMath.Dot(change, scaled) / m;
        float byNorm = root * t / s / norm;
        for (int i = 0; i < m; i++)
        {
            rowGradient[i] += (root / norm * (change[i] - (scaled[i] * along))) + (byNorm * row[i]);
        }
    }

    // db/dũ of one value: each stage continues the former one.
    private float SignGradient(float value)
    {
        float b = Sign(value), weight = 1, slope = Gate(value);
        for (int k = 1; k < bits; k++)
        {
            weight /= 2;
            float rest = value - (_step * b);
            b += weight * Sign(rest);
            slope += weight * Gate(rest) * (1 - (_step * slope));
        }

        return slope;
    }

    private float Sign(float value) => isSmooth ? Math.Clamp(value, -1, 1) : value >= 0 ? 1 : -1;

    private static float Gate(float value) => value is >= -1 and <= 1 ? 1 : 0;

    private static void Scale(ReadOnlySpan<float> values, float factor, Span<float> target)
    {
        for (int i = 0; i < values.Length; i++)
        {
            target[i] = values[i] * factor;
        }
    }
}
