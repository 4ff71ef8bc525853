using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Bits;
using MultiVecRetrieval.Tests.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Quantization.Bits;

/// <summary>What breaks quantisers elsewhere: rows without a direction, sizes far from the sample's, equal rows, bits that belong to
/// nothing.</summary>
public class BitsPitfallTests
{
    [Fact]
    public void Encode_RowAtTheMean_HasTheBitsOfPlusZeroAndTheExactScore()
    {
        const int dimension = 24;
        float[] rows = BitsSamples.RandomValues(seed: 1, 200 * dimension);
        BitsCodec codec = BitsSamples.Train("bits:1", dimension, rows, rows[..(20 * dimension)]);
        float[] mean = codec.Model.Mean;
        byte[] chunk = codec.Encode(new EntryRows(dimension, mean, [0, 1]));
        BitsDefinition definition = new(codec, chunk, 1);
        float[] scores = new float[1];
        codec.CreateScorer(new MultiVectorView(dimension, rows.AsSpan(0, dimension))).Score(chunk, scores);

        Assert.All(definition.Levels(0, planeCount: 1), level => Assert.Equal(1, level));
        Assert.Equal(0, definition.Factor(0));
        Assert.Equal(BitsSamples.Dot(rows.AsSpan(0, dimension), mean), scores[0], 1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Train_SampleOfEqualRows_StoresOthersAllTheSame(float value)
    {
        const int dimension = 16;
        float[] equal = new float[100 * dimension];
        equal.AsSpan().Fill(value);
        BitsCodec codec = BitsSamples.Train("bits:2", dimension, equal, []);
        float[] rows = BitsSamples.RandomValues(seed: 2, 65 * dimension);

        AssertBounds(codec, rows, BitsSamples.RandomValues(seed: 3, 3 * dimension));
    }

    [Fact]
    public void Train_OneRow_Works() =>
        AssertBounds(BitsSamples.Train("bits:4", 9, BitsSamples.RandomValues(seed: 4, 9), []), BitsSamples.RandomValues(seed: 5, 90),
            BitsSamples.RandomValues(seed: 6, 9));

    // The factor and the bias are binary16 and saturate; a bound then is infinite rather than wrong.
    [Theory]
    [InlineData(1e-30f)]
    [InlineData(1e-6f)]
    [InlineData(100f)]
    [InlineData(1e5f)]
    [InlineData(1e9f)]
    public void ScoreUpperBounds_RowsOfAnotherSizeThanTheSample_Hold(float scale)
    {
        const int dimension = 32;
        float[] sample = BitsSamples.RandomValues(seed: 7, 300 * dimension);
        BitsCodec codec = BitsSamples.Train("bits:2", dimension, sample, sample[..(30 * dimension)]);
        float[] rows = [.. BitsSamples.RandomValues(seed: 8, 130 * dimension).Select(value => value * scale)];

        AssertBounds(codec, rows, BitsSamples.RandomValues(seed: 9, 4 * dimension));
    }

    [Fact]
    public void Encode_RowBeyondTheLimit_ThrowsWithTheLimit()
    {
        BitsCodec codec = BitsSamples.Train("bits:1", 4, BitsSamples.RandomValues(seed: 10, 400), []);
        ArgumentException error = Assert.Throws<ArgumentException>(() => codec.Encode(new EntryRows(4, [1e30f, 0, 0, 0], [0, 1])));

        Assert.Contains("1e18", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_QueryOfZeros_GivesTheSameToAllEntries()
    {
        const int dimension = 20;
        float[] rows = BitsSamples.RandomValues(seed: 11, 100 * dimension);
        BitsCodec codec = BitsSamples.Train("bits:2", dimension, rows, []);
        byte[] chunk = codec.Encode(new EntryRows(dimension, rows, BitsSamples.SingleRows(100)));
        float[] scores = new float[100];
        foreach (BitScoring scoring in (BitScoring[])[BitScoring.Asymmetric, BitScoring.Symmetric])
        {
            codec.CreateScorer(new MultiVectorView(dimension, new float[dimension]), scoring, codec.PlaneCount).Score(chunk, scores);
            Assert.All(scores, score => Assert.Equal(0, score));
        }
    }

    [Fact]
    public void Score_EqualRows_TieWhereverTheyAre()
    {
        const int dimension = 36;
        float[] rows = BitsSamples.RandomValues(seed: 12, 200 * dimension);
        for (int row = 0; row < 200; row += 3)
        {
            rows.AsSpan(0, dimension).CopyTo(rows.AsSpan(row * dimension));
        }

        BitsCodec codec = BitsSamples.Train("bits:2", dimension, rows, rows[..(40 * dimension)]);
        byte[] chunk = codec.Encode(new EntryRows(dimension, rows, BitsSamples.SingleRows(200)));
        float[] scores = new float[200];
        codec.CreateScorer(new MultiVectorView(dimension, rows.AsSpan(dimension, dimension))).Score(chunk, scores);

        Assert.All(Enumerable.Range(0, 67), i => Assert.Equal(scores[0], scores[3 * i]));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(25)]
    public void Score_BitsThatBelongToNoCoordinate_DoNotCount(int dimension)
    {
        float[] rows = BitsSamples.RandomValues(seed: 13, 64 * dimension);
        BitsCodec codec = BitsSamples.Train("bits:1", dimension, rows, []);
        byte[] chunk = codec.Encode(new EntryRows(dimension, rows, BitsSamples.SingleRows(64)));
        byte[] turned = [.. chunk];
        for (int place = turned.Length - 64; place < turned.Length; place++)
        {
            turned[place] ^= (byte)(0xFF << (dimension % 8));
        }

        foreach (BitScoring scoring in Enum.GetValues<BitScoring>())
        {
            foreach (InstructionSet level in KernelSamples.SupportedInstructionSets())
            {
                BitsScorer scorer = codec.CreateScorer(new MultiVectorView(dimension, rows), scoring, 1, level);
                float[] scores = new float[64];
                float[] others = new float[64];
                scorer.Score(chunk, scores);
                scorer.Score(turned, others);
                Assert.Equal(scores, others);
            }
        }
    }

    [Fact]
    public void Check_ChunkCutOrOfAnotherCount_ThrowsInvalidData()
    {
        const int dimension = 10;
        float[] rows = BitsSamples.RandomValues(seed: 14, 70 * dimension);
        BitsCodec codec = BitsSamples.Train("bits:2", dimension, rows, []);
        byte[] chunk = codec.Encode(new EntryRows(dimension, rows, [0, 3, 70]));
        codec.Check(chunk, 2);
        for (int length = 0; length < chunk.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => codec.Check(chunk.AsSpan(0, length), 2));
        }

        Assert.Throws<InvalidDataException>(() => codec.Check(chunk, 3));
        byte[] damaged = [.. chunk];
        damaged[20] = 71; // the second entry begins after the last row
        Assert.Throws<InvalidDataException>(() => codec.Check(damaged, 2));
    }

    private static void AssertBounds(BitsCodec codec, float[] rows, float[] queries)
    {
        int d = codec.Dimension;
        int count = rows.Length / d;
        byte[] chunk = codec.Encode(new EntryRows(d, rows, BitsSamples.SingleRows(count)));
        float[] bounds = new float[count];
        float[] scores = new float[count];
        MultiVector query = new(d, queries);
        CodeScorer scorer = codec.CreateScorer(query.View);
        scorer.ScoreUpperBounds(chunk, bounds);
        scorer.Score(chunk, scores);
        MaxSimScorer exact = new(query.View, RowFormat.Float32);
        for (int row = 0; row < count; row++)
        {
            float expected = exact.Score(KernelSamples.Pack(RowFormat.Float32, new MultiVector(d, rows[(row * d)..((row + 1) * d)])), 1);
            Assert.True(bounds[row] >= expected, $"row {row}: bound {bounds[row]:r}, MaxSim {expected:r}");
            Assert.False(float.IsNaN(scores[row]));
        }
    }
}
