using MultiVecRetrieval.Numerics.Quantization.Heads;
using MultiVecRetrieval.Training;

namespace MultiVecRetrieval.Tests.Training;

/// <summary>Small samples with a known answer.</summary>
internal static class BinarizerSamples
{
    public const int Dimension = 16;

    public static BinarizerOptions Options => new()
    {
        Bits = 2,
        Hidden = 48,
        Steps = 150,
        BatchSize = 128,
        LearningRate = 5e-3f,
        Threads = 2,
        Seed = 3,
    };

    /// <summary>Queries are their documents, reversed in half of the coordinates: float search misses what a head can learn.</summary>
    public static BinarizerSample Mirrored(int count, bool areLabelsTrue = true)
    {
        Random random = new(5);
        float[] documents = UnitRows(random, count);
        float[] queries = [.. documents.Select((value, i) => i % Dimension < Dimension / 2 ? -value : value)];
        int[] positives = [.. Enumerable.Range(0, count)];
        if (!areLabelsTrue)
        {
            random.Shuffle(positives);
        }

        return new BinarizerSample { Dimension = Dimension, Documents = documents, Queries = queries, Positives = positives };
    }

    /// <summary>A new model whose rows are a rotation of the old one's, bent and in more dimensions.</summary>
    public static CompatibleSample Rotated(int count, double bend)
    {
        Random random = new(6);
        float[] old = UnitRows(random, count);
        const int NewDimension = Dimension + 4;
        Matrix rotation = Rotation.Create(NewDimension, random);
        float[] documents = new float[count * NewDimension];
        for (int row = 0; row < count; row++)
        {
            for (int j = 0; j < NewDimension; j++)
            {
                float sum = RowMath.Dot(old.AsSpan(row * Dimension, Dimension), rotation[j][..Dimension]);
                documents[(row * NewDimension) + j] = (float)(sum + (bend * sum * Math.Abs(sum)));
            }
        }

        return new CompatibleSample
        {
            New = new BinarizerSample { Dimension = NewDimension, Documents = documents },
            OldDimension = Dimension,
            OldDocuments = old,
        };
    }

    public static float[] UnitRows(Random random, int count)
    {
        float[] rows = new float[count * Dimension];
        for (int row = 0; row < count; row++)
        {
            Span<float> values = rows.AsSpan(row * Dimension, Dimension);
            foreach (ref float value in values)
            {
                value = (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
            }

            float norm = MathF.Sqrt(RowMath.Dot(values, values));
            foreach (ref float value in values)
            {
                value /= norm;
            }
        }

        return rows;
    }
}
