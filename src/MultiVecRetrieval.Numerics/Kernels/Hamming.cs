using System.Numerics;
using System.Numerics.Tensors;

namespace MultiVecRetrieval.Numerics.Kernels;

/// <summary>Hamming distance: the number of bits in which two codes differ.</summary>
public static class Hamming
{
    /// <summary>The distance of two 64-bit codes, 0 to 64.</summary>
    public static int Distance(ulong x, ulong y) => BitOperations.PopCount(x ^ y);

    /// <summary>The distance of two codes of 64 bits a word.</summary>
    /// <exception cref="ArgumentException">The codes differ in length.</exception>
    public static long Distance(ReadOnlySpan<ulong> x, ReadOnlySpan<ulong> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"The codes have {x.Length} and {y.Length} words.", nameof(y));
        }

        return TensorPrimitives.HammingBitDistance(x, y);
    }
}
