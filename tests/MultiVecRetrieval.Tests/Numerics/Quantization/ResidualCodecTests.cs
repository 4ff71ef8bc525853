using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Tables;
using MultiVecRetrieval.Tests.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

public class ResidualCodecTests
{
    // 31, 33: a table that serves one dimension only; 48: groups that are not full; 300 centroids: ids of two bytes.
    [Theory]
    [InlineData("residual:2x8", 5)]
    [InlineData("residual:2x8", 31)]
    [InlineData("residual:2x300", 48)]
    [InlineData("residual:2x8", 128)]
    [InlineData("residual:4x8", 5)]
    [InlineData("residual:4x300", 33)]
    [InlineData("residual:4x8", 128)]
    public void Score_AnyShape_IsWithinTheRoundingOfTablesOfTheRestoredRows(string spec, int dimension)
    {
        EntryCodec codec = CodecSamples.Train(spec, dimension);
        CodecSamples.Entries entries = CodecSamples.Create(seed: 1, dimension, CodecSamples.MixedRowCounts);
        byte[] chunk = codec.Encode(entries.Rows);
        CodecSamples.Entries restored = entries with { Values = Restore(codec, chunk, entries) };
        foreach (int queryRowCount in new[] { 1, 2, 7, 20, 65 })
        {
            MultiVector query = CodecSamples.Query(seed: queryRowCount, entries, queryRowCount);

            float[] scores = CodecSamples.Score(codec, chunk, entries.Count, query);

            // Steps are at most the widest two tables over 254 or all tables over 65,000; a product with a residual is below 1.
            double bound = queryRowCount * (dimension + 3) * 0.5 * Math.Max(1.0 / 127, dimension / 65_000.0);
            double total = 0;
            for (int index = 0; index < entries.Count; index++)
            {
                float expected = MaxSim.Score(query.View, restored[index].View);
                Assert.Equal(expected, scores[index], bound);
                total += Math.Abs(expected - scores[index]);
            }

            // Roundings cancel out: on average the scores are far closer than the bound.
            Assert.InRange(total / entries.Count / queryRowCount, 0, 0.01);
        }
    }

    [Theory]
    [InlineData("residual:2x8", 31)]
    [InlineData("residual:2x300", 64)]
    [InlineData("residual:4x8", 33)]
    [InlineData("residual:4x300", 20)]
    public void Score_EveryInstructionSet_GivesTheSameBits(string spec, int dimension)
    {
        NibbleCodec codec = Assert.IsAssignableFrom<NibbleCodec>(CodecSamples.Train(spec, dimension));
        CodecSamples.Entries entries = CodecSamples.Create(seed: 2, dimension, CodecSamples.MixedRowCounts);
        byte[] chunk = codec.Encode(entries.Rows);
        foreach (int queryRowCount in Enumerable.Range(1, 14).Concat([20, 64, 65, 130]))
        {
            MultiVector query = CodecSamples.Query(seed: queryRowCount, entries, queryRowCount);
            float[] expected = new float[entries.Count];
            codec.CreateScorer(query.View, InstructionSet.Scalar).Score(chunk, expected);
            foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
            {
                float[] scores = new float[entries.Count];

                codec.CreateScorer(query.View, instructionSet).Score(chunk, scores);

                Assert.Equal(expected, scores);
            }
        }
    }

    // Each step down the ladder takes away less of a row: centroid alone, 2 bits, 4 bits.
    [Fact]
    public void Encode_MoreBits_RestoreRowsMoreClosely()
    {
        CodecSamples.Entries entries = CodecSamples.Create(seed: 3, dimension: 64, 400);
        double centroid = GetError(entries, GetCentroids(CodecSamples.Train("residual:2x16", 64), entries, withLevels: false));
        double twoBits = GetError(entries, GetCentroids(CodecSamples.Train("residual:2x16", 64), entries, withLevels: true));
        double fourBits = GetError(entries, GetCentroids(CodecSamples.Train("residual:4x16", 64), entries, withLevels: true));

        // The best 4 levels of a normal variable leave 0.118 of its variance, the best 16 leave 0.0095 (Max 1960). These residuals are
        // a little flatter than normal, hence easier; levels of 800 rows fit other rows a little worse.
        Assert.InRange(twoBits / centroid, 0.05, 0.13);
        Assert.InRange(fourBits / centroid, 0.003, 0.018);
    }

    // Rows of the same directions whose distances from the centroid are as 1 to 20: without a scale of its own, a row near the centroid
    // would get the levels of the far ones, and none would be closer to it than 0.
    [Fact]
    public void Encode_RowsNearTheCentroid_LoseTheSameShareAsFarOnes()
    {
        Random random = new(Seed: 5);
        const int dimension = 32;
        float[] values = new float[2_000 * dimension];
        for (int i = 0; i < values.Length; i++)
        {
            float normal = random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2;
            values[i] = normal * (i / dimension % 2 == 0 ? 0.05f : 1);
        }

        CodecSamples.Entries entries = new(dimension, values, [.. Enumerable.Range(0, 2_001)]);
        EntryCodec codec = Train("residual:2x1", dimension, values);
        float[] restored = Restore(codec, codec.Encode(entries.Rows), entries);

        (double near, double far) = GetShares(entries, restored);
        Assert.InRange(far, 0.05, 0.13);
        Assert.InRange(near, 0.05, 0.25);
    }

    // Nine tenths of the variance in 8 of 64 directions that are none of the axes: what encoders do. The same bits for every dimension
    // would leave at least the 0.118 of 4 levels.
    [Fact]
    public void Encode_FewStrongDirections_GetTheBits()
    {
        Random random = new(Seed: 6);
        const int dimension = 64;
        float[] directions = [.. Enumerable.Range(0, 8 * dimension).Select(_ => random.NextSingle() - 0.5f)];
        float[] values = new float[2_000 * dimension];
        for (int row = 0; row < 2_000; row++)
        {
            for (int direction = 0; direction < 8; direction++)
            {
                float weight = random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2;
                for (int k = 0; k < dimension; k++)
                {
                    values[(row * dimension) + k] += (weight * directions[(direction * dimension) + k])
                        + (0.1f * (random.NextSingle() - 0.5f));
                }
            }
        }

        CodecSamples.Entries entries = new(dimension, values, [.. Enumerable.Range(0, 2_001)]);
        EntryCodec codec = Train("residual:2x1", dimension, values);

        float[] restored = Restore(codec, codec.Encode(entries.Rows), entries);

        Assert.InRange(GetError(entries, restored) / GetError(entries, new float[values.Length]), 0, 0.06);
    }

    [Theory]
    [InlineData("residual")]
    [InlineData("residual:3")]
    [InlineData("residual:2x0")]
    [InlineData("residual:2x65537")]
    [InlineData("residual:2x-1")]
    [InlineData("residual:2x4x4")]
    public void Train_ArgumentThatIsNone_ThrowsWithWhatIsExpected(string spec)
    {
        CodecSpecException exception = Assert.Throws<CodecSpecException>(() => CodecSamples.Train(spec, 8));

        Assert.Contains("residual:B and residual:BxK take", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_FewerRowsThanCentroids_ThrowsWithTheNumber()
    {
        CodecSpec spec = CodecSpec.Parse("residual:2x100");
        TrainingSample sample = new() { Dimension = 4, Rows = CodecSamples.Create(seed: 1, 4, 99).Values };

        ArgumentException exception =
            Assert.Throws<ArgumentException>(() => Codecs.FindFamily(spec).Train(spec, sample, TestContext.Current.CancellationToken));

        Assert.Contains("at least 100 rows, 99 were given", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_OnAnyNumberOfThreads_GivesTheSameParameters()
    {
        CodecSpec spec = CodecSpec.Parse("residual:2x16");
        TrainingSample sample = new() { Dimension = 12, Rows = CodecSamples.Create(seed: 1, 12, 500).Values };
        CodecFamily family = Codecs.FindFamily(spec);

        byte[] single = family.Train(spec, sample, TestContext.Current.CancellationToken).WriteParameters();

        Assert.Equal(single, family.Train(spec, sample with { Threads = 3 }, TestContext.Current.CancellationToken).WriteParameters());
    }

    [Fact]
    public void Read_LevelsThatDescend_ThrowsInvalidDataException()
    {
        EntryCodec codec = CodecSamples.Train("residual:2x8", 4);
        byte[] parameters = codec.WriteParameters();
        MemoryMarshal.Write(parameters.AsSpan(parameters.Length - 4), -9f);

        Assert.Throws<InvalidDataException>(() => Codecs.FindFamily(codec.Spec).Read(codec.Spec, 4, parameters));
        MemoryMarshal.Write(parameters.AsSpan(parameters.Length - 4), float.NaN);
        Assert.Throws<InvalidDataException>(() => Codecs.FindFamily(codec.Spec).Read(codec.Spec, 4, parameters));
    }

    // Parameters of version 1 began with the number of centroids.
    [Fact]
    public void Read_ParametersOfVersion1_NamesTheVersionThatIsRead()
    {
        EntryCodec codec = CodecSamples.Train("residual:2x8", 4);
        byte[] parameters = new byte[4 + (8 * 4 * 4) + (4 * 4 * 4)];
        MemoryMarshal.Write(parameters, 8);

        InvalidDataException exception =
            Assert.Throws<InvalidDataException>(() => Codecs.FindFamily(codec.Spec).Read(codec.Spec, 4, parameters));

        Assert.Contains("not of version 2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_CentroidThatIsNone_ThrowsWithTheNumber()
    {
        EntryCodec codec = CodecSamples.Train("residual:2x8", 4);
        byte[] chunk = codec.Encode(CodecSamples.Create(seed: 1, 4, 3).Rows);
        chunk[^1] = 8;

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => codec.Check(chunk, 1));

        Assert.Contains("centroid 8; there are 8", exception.Message, StringComparison.Ordinal);
    }

    private static EntryCodec Train(string spec, int dimension, float[] rows)
    {
        CodecSpec parsed = CodecSpec.Parse(spec);
        return Codecs.FindFamily(parsed).Train(
            parsed, new TrainingSample { Dimension = dimension, Rows = rows }, TestContext.Current.CancellationToken);
    }

    // The share of the squared length that even and that odd rows lose.
    private static (double Even, double Odd) GetShares(CodecSamples.Entries entries, float[] restored)
    {
        double[] errors = new double[2];
        double[] lengths = new double[2];
        for (int i = 0; i < restored.Length; i++)
        {
            int kind = i / entries.Dimension % 2;
            errors[kind] += Math.Pow(entries.Values[i] - restored[i], 2);
            lengths[kind] += Math.Pow(entries.Values[i], 2);
        }

        return (errors[0] / lengths[0], errors[1] / lengths[1]);
    }

    private static double GetError(CodecSamples.Entries entries, float[] restored) =>
        entries.Values.Zip(restored, (x, y) => ((double)x - y) * (x - y)).Sum();

    private static float[] GetCentroids(EntryCodec codec, CodecSamples.Entries entries, bool withLevels) =>
        Restore(codec, codec.Encode(entries.Rows), entries, withLevels);

    // By the description of the format: version, K, centroids, rotation, deviations, bits of each coordinate, levels.
    private static float[] Restore(EntryCodec codec, byte[] chunk, CodecSamples.Entries entries, bool withLevels = true)
    {
        int bits = codec.Spec.Argument[0] - '0';
        byte[] parameters = codec.WriteParameters();
        int centroidCount = MemoryMarshal.Read<int>(parameters.AsSpan(4));
        int d = codec.Dimension;
        float[] values = MemoryMarshal.Cast<byte, float>(parameters.AsSpan(8, 4 * d * (centroidCount + d))).ToArray();
        int bitsOffset = 8 + (4 * d * (centroidCount + d + 1));
        byte[] bitCounts = parameters[bitsOffset..(bitsOffset + d)];
        float[] levels = MemoryMarshal.Cast<byte, float>(parameters.AsSpan(bitsOffset + d)).ToArray();
        int groupCount = ((d * bits) + 31) / 32;
        int idSize = centroidCount > 256 ? 2 : 1;
        int groupsSize = groupCount * 64;
        int blockSize = groupsSize + (16 * (idSize + 1));
        ReadOnlySpan<byte> blocks = chunk.AsSpan(chunk.Length - ((entries.RowOffsets[^1] + 15) / 16 * blockSize));
        float[] restored = new float[entries.Values.Length];
        for (int row = 0; row < entries.RowOffsets[^1]; row++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(row / 16 * blockSize, blockSize);
            int lane = row % 16;
            int scale = block[groupsSize + lane];
            int id = idSize == 1 ? block[groupsSize + 16 + lane] : MemoryMarshal.Read<ushort>(block[(groupsSize + 16 + (2 * lane))..]);
            double[] rotated = new double[d];
            int bit = 0, firstLevel = 0;
            foreach (int size in new[] { 4, 2, 1 })
            {
                for (int k = 0; k < d; k++)
                {
                    for (int count = size == 4 ? bitCounts[k] / 4 : bitCounts[k] / size % 2; count > 0; count--)
                    {
                        int code = (ReadCode(block, lane, bit / 4, groupCount) >> (bit % 4)) & ((1 << size) - 1);
                        rotated[k] += levels[firstLevel + code];
                        bit += size;
                        firstLevel += 1 << size;
                    }
                }
            }

            for (int i = 0; i < d; i++)
            {
                double residual = Enumerable.Range(0, d).Sum(k => rotated[k] * values[((centroidCount + k) * d) + i]);
                restored[(row * d) + i] = (float)(values[(id * d) + i] + (withLevels ? scale * residual : 0));
            }
        }

        return restored;
    }

    // Code i of the first half is in the lower half of a byte; those of the second half, from the last, are in the upper half of the same
    // bytes.
    private static int ReadCode(ReadOnlySpan<byte> block, int lane, int code, int groupCount)
    {
        int pair = Math.Min(code, (8 * groupCount) - 1 - code);
        byte both = block[(pair / 4 * 64) + (lane * 4) + (pair % 4)];
        return pair == code ? both & 15 : both >> 4;
    }
}
