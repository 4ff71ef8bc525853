using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Products;
using MultiVecRetrieval.Tests.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

public class ProductCodecTests
{
    // 13 parts of d = 33: parts of 2 and of 3 dimensions, an odd number of tables, groups that are not full.
    [Theory]
    [InlineData("pq:13x4", 33)]
    [InlineData("pq:64x4", 128)]
    [InlineData("pq:1x4", 5)]
    [InlineData("pq:13x8", 33)]
    [InlineData("pq:16x8", 128)]
    [InlineData("pq:1x8", 5)]
    public void Score_AnyShape_IsWithinTheRoundingOfTablesOfTheRestoredRows(string spec, int dimension)
    {
        EntryCodec codec = CodecSamples.Train(spec, dimension);
        int partCount = int.Parse(codec.Spec.Argument.Split('x')[0], null);
        CodecSamples.Entries entries = CodecSamples.Create(seed: 1, dimension, CodecSamples.MixedRowCounts);
        byte[] chunk = codec.Encode(entries.Rows);
        CodecSamples.Entries restored = entries with { Values = Restore(codec, chunk, entries, partCount) };
        foreach (int queryRowCount in new[] { 1, 2, 20, 33, 65 })
        {
            MultiVector query = CodecSamples.Query(seed: queryRowCount, entries, queryRowCount);

            float[] scores = CodecSamples.Score(codec, chunk, entries.Count, query);

            // A step is the widest table over 127, and no table of unit rows is wider than 2: half a step for each of M tables.
            double total = 0;
            for (int index = 0; index < entries.Count; index++)
            {
                float expected = MaxSim.Score(query.View, restored[index].View);
                Assert.Equal(expected, scores[index], queryRowCount * partCount * (1.0 / 127));
                total += Math.Abs(expected - scores[index]);
            }

            // Roundings cancel out: on average the scores are far closer than the bound.
            Assert.InRange(total / entries.Count / queryRowCount, 0, 0.01);
        }
    }

    [Theory]
    [InlineData("pq:13x4", 33)]
    [InlineData("pq:24x4", 48)]
    [InlineData("pq:6x8", 33)]
    [InlineData("pq:13x8", 33)]
    public void Score_EveryInstructionSet_GivesTheSameBits(string spec, int dimension)
    {
        EntryCodec codec = CodecSamples.Train(spec, dimension);
        CodecSamples.Entries entries = CodecSamples.Create(seed: 2, dimension, CodecSamples.MixedRowCounts);
        byte[] chunk = codec.Encode(entries.Rows);
        foreach (int queryRowCount in Enumerable.Range(1, 8).Concat([20, 32, 33, 65]))
        {
            MultiVector query = CodecSamples.Query(seed: queryRowCount, entries, queryRowCount);
            float[] expected = new float[entries.Count];
            CreateScorer(codec, query, InstructionSet.Scalar).Score(chunk, expected);
            foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
            {
                float[] scores = new float[entries.Count];

                CreateScorer(codec, query, instructionSet).Score(chunk, scores);

                Assert.Equal(expected, scores);
            }
        }
    }

    // Every code of a part is the centroid nearest to it, by plain loops; one that ties to rounding may be another.
    [Theory]
    [InlineData("pq:5x4", 17)]
    [InlineData("pq:5x8", 17)]
    public void Encode_AnyRow_TakesTheNearestCentroidOfEachPart(string spec, int dimension)
    {
        EntryCodec codec = CodecSamples.Train(spec, dimension);
        CodecSamples.Entries entries = CodecSamples.Create(seed: 4, dimension, 40, 1, 20);
        int codeCount = spec[^1] == '4' ? 16 : 256;
        float[] restored = Restore(codec, codec.Encode(entries.Rows), entries, partCount: 5);
        float[] values = MemoryMarshal.Cast<byte, float>(codec.WriteParameters()).ToArray();

        for (int row = 0; row < 61; row++)
        {
            for (int part = 0; part < 5; part++)
            {
                int start = part * dimension / 5;
                int length = ((part + 1) * dimension / 5) - start;
                double best = double.PositiveInfinity;
                for (int code = 0; code < codeCount; code++)
                {
                    best = Math.Min(best,
                        SquaredDistance(values.AsSpan((start * codeCount) + (code * length), length),
                        entries.Values.AsSpan((row * dimension) + start)));
                }

                double actual =
                    SquaredDistance(restored.AsSpan((row * dimension) + start, length), entries.Values.AsSpan((row * dimension) + start));
                Assert.Equal(best, actual, 1e-6);
            }
        }
    }

    [Theory]
    [InlineData("pq")]
    [InlineData("pq:16")]
    [InlineData("pq:0x8")]
    [InlineData("pq:9x8")]
    [InlineData("pq:4x5")]
    [InlineData("pq:4x8x8")]
    public void Train_ArgumentThatIsNone_ThrowsWithWhatIsExpected(string spec)
    {
        SpecException exception = Assert.Throws<SpecException>(() => CodecSamples.Train(spec, 8));

        Assert.Contains("pq:MxB takes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_FewerRowsThanCodes_ThrowsWithTheNumber()
    {
        CodecSpec spec = CodecSpec.Parse("pq:2x8");
        TrainingSample sample = new() { Dimension = 4, Rows = CodecSamples.Create(seed: 1, 4, 255).Values };

        ArgumentException exception =
            Assert.Throws<ArgumentException>(() => Codecs.FindFamily(spec).Train(spec, sample, TestContext.Current.CancellationToken));

        Assert.Contains("at least 256 rows, 255 were given", exception.Message, StringComparison.Ordinal);
    }

    private static CodeScorer CreateScorer(EntryCodec codec, MultiVector query, InstructionSet instructionSet) =>
        codec is ByteProductCodec bytes
            ? bytes.CreateScorer(query.View, instructionSet)
            : Assert.IsType<NibbleProductCodec>(codec).CreateScorer(query.View, instructionSet);

    private static double SquaredDistance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            sum += ((double)x[k] - y[k]) * ((double)x[k] - y[k]);
        }

        return sum;
    }

    // By the description of the format: parameters are the codebooks, part by part.
    private static float[] Restore(EntryCodec codec, byte[] chunk, CodecSamples.Entries entries, int partCount)
    {
        bool isNibble = codec is NibbleProductCodec;
        int codeCount = isNibble ? 16 : 256;
        int d = codec.Dimension;
        int rowCount = entries.RowOffsets[^1];
        float[] values = MemoryMarshal.Cast<byte, float>(codec.WriteParameters()).ToArray();
        int blockSize = isNibble ? (partCount + 7) / 8 * 64 : partCount;
        int blockRowCount = isNibble ? 16 : 1;
        ReadOnlySpan<byte> blocks = chunk.AsSpan(chunk.Length - ((rowCount + blockRowCount - 1) / blockRowCount * blockSize));
        float[] restored = new float[entries.Values.Length];
        for (int row = 0; row < rowCount; row++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(row / blockRowCount * blockSize, blockSize);
            for (int part = 0; part < partCount; part++)
            {
                int code = isNibble ? block[(part / 8 * 64) + (row % 16 * 4) + (part % 4)] : block[part];
                code = isNibble ? part % 8 < 4 ? code & 15 : code >> 4 : code;
                int start = part * d / partCount;
                int length = ((part + 1) * d / partCount) - start;
                values.AsSpan((start * codeCount) + (code * length), length).CopyTo(restored.AsSpan((row * d) + start));
            }
        }

        return restored;
    }
}
