using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Quantization.Heads;

/// <summary>
/// Sums and functions of rows, in an order and in operations (no fused ones) that do not depend on the width of the machine's vectors:
/// the same bits at every instruction set.
/// </summary>
internal static class RowMath
{
    // exp(r) on |r| <= ln(2)/2: Taylor to the sixth degree; the first term left out is below 1.3e-7.
    private const float C2 = 1f / 2, C3 = 1f / 6, C4 = 1f / 24, C5 = 1f / 120, C6 = 1f / 720;
    private const float Log2E = 1.44269504f;
    // ln 2 in two parts: the first has few bits, so that its product with a small integer is exact.
    private const float Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f;
    private const float MinExponent = -87f;

    /// <summary>Σ x_i·y_i in 16 lanes, element i in lane i mod 16, then the lanes in halves.</summary>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        ref float a = ref MemoryMarshal.GetReference(x);
        ref float b = ref MemoryMarshal.GetReference(y);
        int i = 0;
        for (; i + 16 <= x.Length; i += 16)
        {
            sum += Vector512.LoadUnsafe(ref a, (nuint)i) * Vector512.LoadUnsafe(ref b, (nuint)i);
        }

        if (i < x.Length)
        {
            Span<float> tail = stackalloc float[32];
            tail.Clear();
            x[i..].CopyTo(tail);
            y[i..].CopyTo(tail[16..]);
            ref float first = ref MemoryMarshal.GetReference(tail);
            sum += Vector512.LoadUnsafe(ref first) * Vector512.LoadUnsafe(ref first, 16);
        }

        Vector256<float> half = sum.GetLower() + sum.GetUpper();
        Vector128<float> quarter = half.GetLower() + half.GetUpper();
        return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
    }

    /// <summary>target += factor·x.</summary>
    public static void AddScaled(ReadOnlySpan<float> x, float factor, Span<float> target)
    {
        ref float a = ref MemoryMarshal.GetReference(x);
        ref float t = ref MemoryMarshal.GetReference(target);
        int i = 0;
        for (; i + 16 <= x.Length; i += 16)
        {
            (Vector512.LoadUnsafe(ref t, (nuint)i) + (Vector512.LoadUnsafe(ref a, (nuint)i) * factor)).StoreUnsafe(ref t, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            target[i] += x[i] * factor;
        }
    }

    /// <summary>target += x·y, element by element.</summary>
    public static void AddProducts(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> target)
    {
        for (int i = 0; i < x.Length; i++)
        {
            target[i] += x[i] * y[i];
        }
    }

    /// <summary>exp(x) within 4 units in the last place for x in [-87, 88]; 0 below.</summary>
    public static float Exp(float x)
    {
        if (x < MinExponent)
        {
            return 0;
        }

        float n = MathF.Floor((x * Log2E) + 0.5f);
        float r = (x - (n * Ln2High)) - (n * Ln2Low);
        float p = ((((((((((C6 * r) + C5) * r) + C4) * r) + C3) * r) + C2) * r) + 1) * r + 1;
        return p * BitConverter.Int32BitsToSingle(((int)n + 127) << 23);
    }

    /// <summary>Replaces logits by their softmax; minus infinity becomes 0.</summary>
    /// <returns>The logarithm of the normaliser, so that log p_i = logit_i - it.</returns>
    public static double Softmax(Span<float> logits)
    {
        float maximum = float.NegativeInfinity;
        foreach (float logit in logits)
        {
            maximum = Math.Max(maximum, logit);
        }

        if (float.IsNegativeInfinity(maximum))
        {
            logits.Clear();
            return 0;
        }

        ExpDifferences(logits, maximum);
        double sum = 0;
        foreach (float value in logits)
        {
            sum += value;
        }

        float scale = (float)(1 / sum);
        for (int i = 0; i < logits.Length; i++)
        {
            logits[i] *= scale;
        }

        return maximum + Math.Log(sum);
    }

    private static void ExpDifferences(Span<float> values, float maximum)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        int i = 0;
        for (; i + 16 <= values.Length; i += 16)
        {
            Vector512<float> x = Vector512.LoadUnsafe(ref first, (nuint)i) - Vector512.Create(maximum);
            Vector512<float> clamped = Vector512.ConditionalSelect(
                Vector512.LessThan(x, Vector512.Create(MinExponent)), Vector512.Create(MinExponent), x);
            Vector512<float> n = Vector512.Floor((clamped * Log2E) + Vector512.Create(0.5f));
            Vector512<float> r = (clamped - (n * Ln2High)) - (n * Ln2Low);
            Vector512<float> p = (r * C6) + Vector512.Create(C5);
            p = (p * r) + Vector512.Create(C4);
            p = (p * r) + Vector512.Create(C3);
            p = (p * r) + Vector512.Create(C2);
            p = (p * r) + Vector512<float>.One;
            p = (p * r) + Vector512<float>.One;
            Vector512<float> power = ((Vector512.ConvertToInt32(n) + Vector512.Create(127)) << 23).AsSingle();
            Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(MinExponent)), Vector512<float>.Zero, p * power)
                .StoreUnsafe(ref first, (nuint)i);
        }

        for (; i < values.Length; i++)
        {
            values[i] = Exp(values[i] - maximum);
        }
    }
}
