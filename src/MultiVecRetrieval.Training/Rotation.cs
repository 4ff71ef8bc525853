using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>A seeded random rotation.</summary>
internal static class Rotation
{
    /// <summary>An orthogonal [d × d] matrix: a random one, made orthonormal row by row (modified Gram-Schmidt, twice).</summary>
    public static Matrix Create(int dimension, Random random)
    {
        Matrix rotation = new(dimension, dimension);
        for (int row = 0; row < dimension; row++)
        {
            Span<float> values = rotation[row];
            foreach (ref float value in values)
            {
                // The sum of four uniform values is close enough to Gaussian that no direction is favoured.
                value = (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2);
            }

            // The second pass removes what rounding left in the first.
            for (int pass = 0; pass < 2; pass++)
            {
                for (int other = 0; other < row; other++)
                {
                    RowMath.AddScaled(rotation[other], -RowMath.Dot(values, rotation[other]), values);
                }

                float scale = 1 / MathF.Sqrt(RowMath.Dot(values, values));
                foreach (ref float value in values)
                {
                    value *= scale;
                }
            }
        }

        return rotation;
    }
}
