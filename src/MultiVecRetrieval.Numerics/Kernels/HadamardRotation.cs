using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>
/// A seeded orthogonal map in O(d log d): rounds of sign flips and a Walsh-Hadamard transform over the first or the last 2^k values.
/// Spreads every vector evenly over all values, so that one grid of codes fits them all.
/// </summary>
/// <remarks>
/// Vectors are padded with zeros to a multiple of 64. Values are added in a fixed order without fused operations, so results are the
/// same to the bit at every instruction set. Source: the fast rotation of RaBitQ's library (alternating windows), after Ailon and
/// Chazelle, The fast Johnson-Lindenstrauss transform, 2009.
/// </remarks>
internal sealed class HadamardRotation
{
    private const int RoundCount = 4;

    // Signs of all rounds as the sign bits of float32 values: a flip is an exclusive or.
    private readonly uint[] _signs;
    private readonly int _window;
    private readonly float _factor;

    /// <summary>Prepares the map of vectors of <paramref name="dimension"/> values that <paramref name="seed"/> names.</summary>
    public HadamardRotation(int dimension, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        Dimension = dimension;
        PaddedDimension = GetPaddedDimension(dimension);
        _window = 1 << (31 - int.LeadingZeroCount(PaddedDimension));
        _factor = (float)(1 / Math.Sqrt(_window));
        _signs = new uint[RoundCount * PaddedDimension];
        ulong state = (ulong)seed;
        for (int i = 0; i < _signs.Length; i++)
        {
            _signs[i] = (uint)(SplitMix64(ref state) >> 63) << 31;
        }
    }

    /// <summary>The length of a vector.</summary>
    public int Dimension { get; }

    /// <summary>The length of a rotated vector: the next multiple of 64.</summary>
    public int PaddedDimension { get; }

    /// <summary>The next multiple of 64.</summary>
    public static int GetPaddedDimension(int dimension) => checked(dimension + 63) & -64;

    /// <summary>Rotates <paramref name="source"/>, of d values, into <paramref name="destination"/>, of the padded length.</summary>
    public void Apply(ReadOnlySpan<float> source, Span<float> destination)
    {
        source.CopyTo(destination);
        destination[Dimension..].Clear();
        Span<uint> bits = MemoryMarshal.Cast<float, uint>(destination);
        for (int round = 0; round < RoundCount; round++)
        {
            TensorPrimitives.Xor(bits, _signs.AsSpan(round * PaddedDimension, PaddedDimension), bits);
            Span<float> window = (round & 1) == 0 ? destination[.._window] : destination[^_window..];
            Transform(window);
            TensorPrimitives.Multiply(window, _factor, window);
        }
    }

    // Butterflies (a, b) -> (a + b, a - b) at distances 1, 2, 4, ..; the length is a power of two of at least 64.
    private static void Transform(Span<float> values)
    {
        ref float start = ref MemoryMarshal.GetReference(values);
        Vector128<float> oddNegated = Vector128.Create(0f, -0f, 0f, -0f);
        Vector128<float> highNegated = Vector128.Create(0f, 0f, -0f, -0f);
        for (nuint i = 0; i < (nuint)values.Length; i += 4)
        {
            Vector128<float> x = Vector128.LoadUnsafe(ref start, i);
            x = Vector128.Shuffle(x, Vector128.Create(1, 0, 3, 2)) + (x ^ oddNegated);
            x = Vector128.Shuffle(x, Vector128.Create(2, 3, 0, 1)) + (x ^ highNegated);
            x.StoreUnsafe(ref start, i);
        }

        for (nuint distance = 4; distance < 16; distance *= 2)
        {
            for (nuint block = 0; block < (nuint)values.Length; block += 2 * distance)
            {
                for (nuint i = block; i < block + distance; i += 4)
                {
                    Vector128<float> x = Vector128.LoadUnsafe(ref start, i);
                    Vector128<float> y = Vector128.LoadUnsafe(ref start, i + distance);
                    (x + y).StoreUnsafe(ref start, i);
                    (x - y).StoreUnsafe(ref start, i + distance);
                }
            }
        }

        for (nuint distance = 16; distance < (nuint)values.Length; distance *= 2)
        {
            for (nuint block = 0; block < (nuint)values.Length; block += 2 * distance)
            {
                for (nuint i = block; i < block + distance; i += 16)
                {
                    Vector512<float> x = Vector512.LoadUnsafe(ref start, i);
                    Vector512<float> y = Vector512.LoadUnsafe(ref start, i + distance);
                    (x + y).StoreUnsafe(ref start, i);
                    (x - y).StoreUnsafe(ref start, i + distance);
                }
            }
        }
    }

    // Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SplitMix64(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
