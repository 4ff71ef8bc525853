using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

/// <summary>Seeded entries that codec tests share: unit rows around a few topics, as encoders give them.</summary>
internal static class CodecSamples
{
    /// <summary>Entries of the given numbers of rows.</summary>
    public sealed record Entries(int Dimension, float[] Values, int[] RowOffsets)
    {
        public int Count => RowOffsets.Length - 1;

        public EntryRows Rows => new(Dimension, Values, RowOffsets);

        public MultiVector this[int index] => new(Dimension, Values[(RowOffsets[index] * Dimension)..(RowOffsets[index + 1] * Dimension)]);
    }

    /// <summary>Row counts that meet every edge of a block of 16, 32 or 64 rows, in one chunk: single rows, pages, and all
    /// between.</summary>
    public static readonly int[] MixedRowCounts = [1, 1, 3, 64, 63, 65, 1, 128, 7, 16, 17, 200, 1, 1, 1, 31, 33, 2, 90];

    public static Entries Create(int seed, int dimension, params int[] rowCounts)
    {
        Random random = new(seed);
        // The topics are always the same, so that entries are of the distribution that codecs were trained on.
        float[] topics = UnitRows(new Random(Seed: 1), 16, dimension, noise: 1, topics: null);
        int[] offsets = new int[rowCounts.Length + 1];
        for (int i = 0; i < rowCounts.Length; i++)
        {
            offsets[i + 1] = offsets[i] + rowCounts[i];
        }

        return new Entries(dimension, UnitRows(random, offsets[^1], dimension, noise: 0.6f, topics), offsets);
    }

    /// <summary>Query rows near rows of the entries.</summary>
    public static MultiVector Query(int seed, Entries entries, int rowCount)
    {
        Random random = new(seed);
        return new MultiVector(entries.Dimension, UnitRows(random, rowCount, entries.Dimension, noise: 0.4f, entries.Values));
    }

    public static EntryCodec Train(string spec, int dimension)
    {
        CodecSpec parsed = CodecSpec.Parse(spec);
        TrainingSample sample = new() { Dimension = dimension, Rows = Create(seed: 99, dimension, 800).Values };
        return Codecs.FindFamily(parsed).Train(parsed, sample, TestContext.Current.CancellationToken);
    }

    public static float[] Score(EntryCodec codec, byte[] chunk, int count, MultiVector query)
    {
        float[] scores = new float[count];
        codec.CreateScorer(query.View).Score(chunk, scores);
        return scores;
    }

    private static float[] UnitRows(Random random, int rowCount, int dimension, float noise, float[]? topics)
    {
        float[] values = new float[rowCount * dimension];
        for (int row = 0; row < rowCount; row++)
        {
            Span<float> target = values.AsSpan(row * dimension, dimension);
            ReadOnlySpan<float> topic = topics is null
                ? default
                : topics.AsSpan(random.Next(topics.Length / dimension) * dimension, dimension);
            double sum = 0;
            for (int k = 0; k < dimension; k++)
            {
                float normal = random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2;
                target[k] = (topics is null ? 0 : topic[k]) + (normal * noise * MathF.Sqrt(3f / dimension));
                sum += (double)target[k] * target[k];
            }

            for (int k = 0; k < dimension; k++)
            {
                target[k] = (float)(target[k] / Math.Sqrt(sum));
            }
        }

        return values;
    }
}
