using System.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Numerics;

/// <summary>
/// Codes of 512 bits by which similar vectors are told from others without reading them: the signs of a vector after seeded orthogonal
/// maps. Two vectors at an angle of θ differ in about 512 θ / π bits. Thread-safe.
/// </summary>
/// <remarks>Source: Charikar, Similarity estimation techniques from rounding algorithms, STOC 2002. Vectors are not centred: a collection
/// that holds a thousand copies of one picture has that picture for its mean.</remarks>
public sealed class SignSketch
{
    /// <summary>Words of 64 bits in a code.</summary>
    public const int WordCount = 8;

    /// <summary>Bits of a code.</summary>
    public const int BitCount = 64 * WordCount;

    // A pair just at the wanted cosine is passed over about once in a thousand.
    private const double Deviations = 3;

    private readonly HadamardRotation[] _rotations;

    /// <summary>Prepares codes of vectors of <paramref name="dimension"/> values.</summary>
    public SignSketch(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        int words = HadamardRotation.GetPaddedDimension(dimension) / 64;
        _rotations = [.. Enumerable.Range(0, (WordCount + words - 1) / words).Select(seed => new HadamardRotation(dimension, seed))];
    }

    /// <summary>Bits in which two vectors of a cosine differ at most, but for about one pair in a thousand of those that are just so
    /// similar.</summary>
    /// <param name="cosine">The least cosine of pairs that are wanted, in [-1, 1].</param>
    public static int GetRadius(double cosine)
    {
        double share = Math.Acos(Math.Clamp(cosine, -1, 1)) / Math.PI;
        double deviation = Math.Sqrt(BitCount * share * (1 - share));
        return (int)Math.Min(BitCount, Math.Ceiling((BitCount * share) + (Deviations * deviation)));
    }

    /// <summary>Writes the code of a vector.</summary>
    /// <param name="vector">d values, of any length above 0.</param>
    /// <param name="code"><see cref="WordCount"/> words.</param>
    public void Encode(ReadOnlySpan<float> vector, Span<ulong> code)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, _rotations[0].Dimension);
        ArgumentOutOfRangeException.ThrowIfNotEqual(code.Length, WordCount);
        float[] turned = new float[_rotations[0].PaddedDimension];
        code.Clear();
        int bit = 0;
        foreach (HadamardRotation rotation in _rotations)
        {
            rotation.Apply(vector, turned);
            for (int i = 0; i < turned.Length && bit < BitCount; i++, bit++)
            {
                code[bit / 64] |= turned[i] > 0 ? 1UL << (bit % 64) : 0;
            }
        }
    }

    /// <summary>The number of bits in which two codes differ.</summary>
    public static int Distance(ReadOnlySpan<ulong> x, ReadOnlySpan<ulong> y)
    {
        int distance = 0;
        for (int i = 0; i < WordCount; i++)
        {
            distance += BitOperations.PopCount(x[i] ^ y[i]);
        }

        return distance;
    }
}
