using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Tests.Numerics.Reduction;

/// <summary>Seeded pages that the reduction tests share.</summary>
internal static class ReductionSamples
{
    /// <summary>
    /// Unit rows on a grid, smooth along each line, a third of them nearly the same background; with their places. Every row differs.
    /// </summary>
    public static MultiVector Page(int seed, int lines, int columns, int dimension)
    {
        Random random = new(seed);
        float[] values = new float[lines * columns * dimension];
        Place[] places = new Place[lines * columns];
        float[] background = Next(random, dimension, 1);
        float[] state = Next(random, dimension, 1);
        for (int i = 0; i < places.Length; i++)
        {
            float[] step = Next(random, dimension, 0.3f);
            float[] noise = Next(random, dimension, 0.02f);
            bool isBackground = random.Next(3) == 0;
            Span<float> row = values.AsSpan(i * dimension, dimension);
            for (int k = 0; k < dimension; k++)
            {
                state[k] = (0.9f * state[k]) + step[k];
                row[k] = isBackground ? background[k] + noise[k] : state[k];
            }

            // In one order, so that the page is the same at every instruction set.
            float length = (float)Math.Sqrt(Dot(row, row));
            foreach (ref float value in row)
            {
                value /= length;
            }

            (int y, int x) = (i / columns, i % columns);
            places[i] = new Place((float)x / columns, (float)y / lines, (float)(x + 1) / columns, (float)(y + 1) / lines);
        }

        return new MultiVector(dimension, values, places);
    }

    public static float[] Saliency(int seed, int rowCount)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, rowCount).Select(_ => random.NextSingle())];
    }

    public static ReductionSource Source(MultiVector page, float[]? saliency = null) =>
        new() { Rows = page.View, Places = page.Places, Saliency = saliency };

    /// <summary>⟨x, y⟩ in float64.</summary>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            sum += (double)x[k] * y[k];
        }

        return sum;
    }

    private static float[] Next(Random random, int dimension, float scale)
    {
        float[] values = new float[dimension];
        for (int k = 0; k < dimension; k++)
        {
            values[k] = scale * (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f);
        }

        return values;
    }
}
