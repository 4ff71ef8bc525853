using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.LinearAlgebra;

/// <summary>Operations on whole rows, element by element.</summary>
/// <remarks>
/// No element meets another one of its row, and a product is rounded before it is added, so the bits do not depend on the width of a
/// vector: what is trained and encoded with these is the same at every instruction set.
/// </remarks>
internal static class RowOperations
{
    /// <summary>y += a x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        Debug.Assert(x.Length == y.Length, "Rows of one length.");
        ref double source = ref MemoryMarshal.GetReference(x);
        ref double target = ref MemoryMarshal.GetReference(y);
        Vector<double> scale = new(a);
        int k = 0;
        for (; k <= x.Length - Vector<double>.Count; k += Vector<double>.Count)
        {
            Vector<double> product = scale * Vector.LoadUnsafe(ref source, (nuint)k);
            (Vector.LoadUnsafe(ref target, (nuint)k) + product).StoreUnsafe(ref target, (nuint)k);
        }

        for (; k < x.Length; k++)
        {
            double product = a * x[k];
            y[k] += product;
        }
    }

    /// <summary>y += a x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(float a, ReadOnlySpan<float> x, Span<float> y)
    {
        Debug.Assert(x.Length == y.Length, "Rows of one length.");
        ref float source = ref MemoryMarshal.GetReference(x);
        ref float target = ref MemoryMarshal.GetReference(y);
        Vector<float> scale = new(a);
        int k = 0;
        for (; k <= x.Length - Vector<float>.Count; k += Vector<float>.Count)
        {
            Vector<float> product = scale * Vector.LoadUnsafe(ref source, (nuint)k);
            (Vector.LoadUnsafe(ref target, (nuint)k) + product).StoreUnsafe(ref target, (nuint)k);
        }

        for (; k < x.Length; k++)
        {
            float product = a * x[k];
            y[k] += product;
        }
    }

    /// <summary>y += a x, in float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(double a, ReadOnlySpan<float> x, Span<double> y)
    {
        Debug.Assert(x.Length == y.Length, "Rows of one length.");
        ref float source = ref MemoryMarshal.GetReference(x);
        ref double target = ref MemoryMarshal.GetReference(y);
        Vector<double> scale = new(a);
        int k = 0;
        for (; k <= x.Length - Vector<float>.Count; k += Vector<float>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref source, (nuint)k), out Vector<double> lower, out Vector<double> upper);
            nuint next = (nuint)(k + Vector<double>.Count);
            (Vector.LoadUnsafe(ref target, (nuint)k) + (scale * lower)).StoreUnsafe(ref target, (nuint)k);
            (Vector.LoadUnsafe(ref target, next) + (scale * upper)).StoreUnsafe(ref target, next);
        }

        for (; k < x.Length; k++)
        {
            double product = a * x[k];
            y[k] += product;
        }
    }

    /// <summary>Replaces x by c x + s y and y by c y - s x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(double c, double s, Span<double> x, Span<double> y)
    {
        Debug.Assert(x.Length == y.Length, "Rows of one length.");
        ref double first = ref MemoryMarshal.GetReference(x);
        ref double second = ref MemoryMarshal.GetReference(y);
        Vector<double> cosine = new(c);
        Vector<double> sine = new(s);
        int k = 0;
        for (; k <= x.Length - Vector<double>.Count; k += Vector<double>.Count)
        {
            Vector<double> a = Vector.LoadUnsafe(ref first, (nuint)k);
            Vector<double> b = Vector.LoadUnsafe(ref second, (nuint)k);
            ((cosine * a) + (sine * b)).StoreUnsafe(ref first, (nuint)k);
            ((cosine * b) - (sine * a)).StoreUnsafe(ref second, (nuint)k);
        }

        for (; k < x.Length; k++)
        {
            (double a, double b) = (x[k], y[k]);
            (double ca, double sb, double cb, double sa) = (c * a, s * b, c * b, s * a);
            x[k] = ca + sb;
            y[k] = cb - sa;
        }
    }

    /// <summary>Σ x_k y_k, in the order of k.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            double product = x[k] * y[k];
            sum += product;
        }

        return sum;
    }

    /// <summary>Σ x_k y_k in eight partial sums, whatever the width of a vector, that are added in a fixed order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Debug.Assert(x.Length == y.Length, "Rows of one length.");
        ref float first = ref MemoryMarshal.GetReference(x);
        ref float second = ref MemoryMarshal.GetReference(y);
        Vector256<float> sums = Vector256<float>.Zero;
        int k = 0;
        for (; k <= x.Length - Vector256<float>.Count; k += Vector256<float>.Count)
        {
            sums += Vector256.LoadUnsafe(ref first, (nuint)k) * Vector256.LoadUnsafe(ref second, (nuint)k);
        }

        float sum = SumOf(sums);
        for (; k < x.Length; k++)
        {
            float product = x[k] * y[k];
            sum += product;
        }

        return sum;
    }

    /// <summary>The sum of the eight values, in a fixed order.</summary>
    public static float SumOf(Vector256<float> values)
    {
        Vector128<float> four = values.GetLower() + values.GetUpper();
        return (four[0] + four[1]) + (four[2] + four[3]);
    }
}
