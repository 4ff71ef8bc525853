using FsCheck;
using FsCheck.Fluent;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public class ScreenedMaxSimScorerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(128)]
    public void Score_AnyRowCount_GivesTheBitsOfThePlainScore(int dimension)
    {
        MultiVector query = KernelSamples.RandomRows(seed: dimension, rowCount: 13, dimension);
        foreach (int rowCount in Enumerable.Range(0, 80).Concat([96, 111, 130, 1030, 1100, 2100]))
        {
            AssertSameBits(query, KernelSamples.RandomRows(seed: rowCount, rowCount, dimension));
        }
    }

    // Tiles of every height, and more rows than a panel holds.
    [Fact]
    public void Score_AnyQueryRowCount_GivesTheBitsOfThePlainScore()
    {
        MultiVector entry = KernelSamples.RandomRows(seed: 1, rowCount: 150, dimension: 20);
        for (int queryRowCount = 0; queryRowCount <= 70; queryRowCount++)
        {
            AssertSameBits(KernelSamples.RandomRows(seed: queryRowCount, queryRowCount, dimension: 20), entry);
        }
    }

    // Rows close to each other, so that only float32 tells which is the best: rows around few centres, at any distance and any length,
    // with few or many huge values, and query rows that are one of them.
    [Fact]
    public void Score_RowsAlike_GivesTheBitsOfThePlainScore()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            Random random = new(seed);
            int dimension = 1 + random.Next(70);
            float length = MathF.Pow(10, random.Next(-20, 18));
            float distance = MathF.Pow(10, -random.Next(8));
            MultiVector centres = Scale(KernelSamples.RandomRows(seed, 1 + random.Next(5), dimension), _ => length);
            MultiVector query = Near(centres, 1 + random.Next(24), distance, random);
            MultiVector entry = Near(centres, 64 + random.Next(200), distance, random);

            AssertSameBits(query, entry);
        }).Check(Config.QuickThrowOnFailure.WithReplay(7, 1).WithMaxTest(150));
    }

    [Theory]
    [InlineData(0f, 1f)] // a query of zeros meets every row alike
    [InlineData(1f, 0f)]
    [InlineData(1e38f, 1e38f)] // products beyond float32
    [InlineData(1e-25f, 1e-25f)] // products below its normal range
    [InlineData(1e-40f, 1e-10f)] // subnormal values
    [InlineData(1e38f, 1e-40f)]
    public void Score_EndsOfTheNumberRange_GivesTheBitsOfThePlainScore(float queryLength, float entryLength)
    {
        MultiVector query = KernelSamples.RandomRows(seed: 1, rowCount: 7, dimension: 24);
        MultiVector entry = KernelSamples.RandomRows(seed: 2, rowCount: 200, dimension: 24);

        AssertSameBits(Scale(query, _ => queryLength), Scale(entry, _ => entryLength));
        AssertSameBits(Scale(query, row => row == 3 ? queryLength : 1), Scale(entry, row => row % 5 == 3 ? entryLength : 1));
    }

    [Fact]
    public void Score_RandomRows_ScoresFewOfThem()
    {
        MultiVector query = KernelSamples.RandomRows(seed: 1, rowCount: 20, dimension: 128);
        MultiVector entry = KernelSamples.RandomRows(seed: 2, rowCount: 1030, dimension: 128);
        byte[] packed = KernelSamples.Pack(RowFormat.Float32, entry);
        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            ScreenedMaxSimScorer scorer = new(query.View, instructionSet);

            scorer.Score(packed, 1030, new EncodedScreen(entry).View, out long pairCount);

            // 1,280 pairs of a query row and a block; each query row has at least its best one.
            Assert.InRange(pairCount, 20, 1280 / 5);
        }
    }

    [Fact]
    public void Score_RowsAllAlike_ScoresAllOfThem()
    {
        MultiVector query = KernelSamples.RandomRows(seed: 1, rowCount: 20, dimension: 128);
        MultiVector row = KernelSamples.RandomRows(seed: 2, rowCount: 1, dimension: 128);
        Random random = new(Seed: 3);
        MultiVector entry =
            new(128, [.. Enumerable.Range(0, 1030)
            .SelectMany(_ => row.Values.ToArray().Select(x => x * (1 + (1e-6f * random.NextSingle()))))]);
        byte[] packed = KernelSamples.Pack(RowFormat.Float32, entry);
        ScreenedMaxSimScorer scorer = new(query.View);

        scorer.Score(packed, 1030, new EncodedScreen(entry).View, out long pairCount);

        Assert.Equal(1280, pairCount);
    }

    [Fact]
    public void Score_Repeated_AllocatesNothing()
    {
        MultiVector query = KernelSamples.RandomRows(seed: 1, rowCount: 70, dimension: 24);
        MultiVector entry = KernelSamples.RandomRows(seed: 2, rowCount: 1100, dimension: 24);
        byte[] packed = KernelSamples.Pack(RowFormat.Float32, entry);
        EncodedScreen screen = new(entry);
        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            ScreenedMaxSimScorer scorer = new(query.View, instructionSet);

            Assert.Equal(0, Allocations.CountFewest(() => scorer.Score(packed, 1100, screen.View)));
        }
    }

    [Fact]
    public void Score_OtherRowsThanTheScreen_Throws()
    {
        MultiVector entry = KernelSamples.RandomRows(seed: 2, rowCount: 32, dimension: 4);
        byte[] packed = KernelSamples.Pack(RowFormat.Float32, entry);
        ScreenedMaxSimScorer scorer = new(new MultiVectorView(4, new float[8]));

        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => scorer.Score(packed, 32, new EncodedScreen(KernelSamples.RandomRows(seed: 2, rowCount: 48, dimension: 4)).View));
        ArgumentException rows = Assert.Throws<ArgumentException>(() => scorer.Score(packed, 33, new EncodedScreen(entry).View));

        Assert.Equal("screen", exception.ParamName);
        Assert.Equal("packed", rows.ParamName);
    }

    [Fact]
    public void Constructor_ValueNotFinite_Throws()
    {
        Assert.Throws<ArgumentException>(() => new ScreenedMaxSimScorer(new MultiVectorView(2, [1, float.NaN])));
    }

    private static void AssertSameBits(MultiVector query, MultiVector entry)
    {
        byte[] packed = KernelSamples.Pack(RowFormat.Float32, entry);
        EncodedScreen screen = new(entry);
        float expected = new MaxSimScorer(query.View, RowFormat.Float32).Score(packed, entry.RowCount);
        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            float actual = new ScreenedMaxSimScorer(query.View, instructionSet).Score(packed, entry.RowCount, screen.View);

            Assert.Equal(BitConverter.SingleToInt32Bits(expected), BitConverter.SingleToInt32Bits(actual));
        }
    }

    private static MultiVector Scale(MultiVector rows, Func<int, float> getFactor) =>
        new(rows.Dimension, [.. rows.Values.ToArray().Select((value, i) => value * getFactor(i / rows.Dimension))]);

    private static MultiVector Near(MultiVector centres, int rowCount, float distance, Random random)
    {
        float[] values = new float[rowCount * centres.Dimension];
        for (int row = 0; row < rowCount; row++)
        {
            ReadOnlySpan<float> centre = centres.Row(random.Next(centres.RowCount));
            float peak = random.Next(10) == 0 ? 50 : 1;
            for (int k = 0; k < centre.Length; k++)
            {
                float value = centre[k] * (1 + (distance * (random.NextSingle() - 0.5f)));
                values[(row * centre.Length) + k] = random.Next(40) == 0 ? value * peak : value;
            }
        }

        return new MultiVector(centres.Dimension, values);
    }
}
