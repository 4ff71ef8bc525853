namespace MultiVecRetrieval.Numerics.Quantization.SingleVectors;

/// <summary>Seeded values, nearly normal with variance 1: sums of twelve uniform ones, which are the same on every machine.</summary>
internal static class NormalValues
{
    /// <summary>Draws <paramref name="count"/> values.</summary>
    public static float[] Draw(Random random, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            double sum = -6;
            for (int term = 0; term < 12; term++)
            {
                sum += random.NextDouble();
            }

            values[i] = (float)sum;
        }

        return values;
    }
}
