namespace MultiVecRetrieval.Numerics.LinearAlgebra;

/// <summary>Random rotations: after one, the values of a row are close to Gaussian, whatever they were.</summary>
/// <remarks>
/// Four rounds of random signs and a Walsh-Hadamard transform; where the length is no power of two, of its first and of its last
/// 2^k values, by turns. Source: Gao et al., RaBitQ, arXiv:2405.12497, and its library.
/// </remarks>
internal static class RandomRotation
{
    private const int RoundCount = 4;

    /// <summary>Rotates: the rows of <paramref name="matrix"/> become orthonormal mixtures of each other.</summary>
    /// <param name="matrix">[rows × d]; the rows first to first + count change.</param>
    /// <param name="dimension">d.</param>
    /// <param name="first">The first row of the mixture.</param>
    /// <param name="count">How many rows are mixed.</param>
    /// <param name="random">Gives the signs.</param>
    public static void Apply(double[] matrix, int dimension, int first, int count, Random random)
    {
        int power = 1;
        while (power * 2 <= count)
        {
            power *= 2;
        }

        for (int round = 0; round < RoundCount; round++)
        {
            for (int row = first; row < first + count; row++)
            {
                if (random.Next(2) == 1)
                {
                    foreach (ref double value in matrix.AsSpan(row * dimension, dimension))
                    {
                        value = -value;
                    }
                }
            }

            Transform(matrix, dimension, first, power);
            if (power < count)
            {
                Transform(matrix, dimension, first + count - power, power);
            }
        }
    }

    private static void Transform(double[] matrix, int dimension, int first, int count)
    {
        double half = Math.Sqrt(0.5);
        for (int span = 1; span < count; span *= 2)
        {
            for (int row = 0; row < count; row++)
            {
                if ((row & span) == 0)
                {
                    // (a, b) becomes ((a + b)/√2, (b - a)/√2).
                    Span<double> upper = matrix.AsSpan((first + row) * dimension, dimension);
                    Span<double> lower = matrix.AsSpan((first + row + span) * dimension, dimension);
                    RowOperations.Rotate(half, half, upper, lower);
                }
            }
        }
    }
}
