using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public class MaxSimScorerTests
{
    public static TheoryData<RowFormat, int> FormatsAndDimensions()
    {
        TheoryData<RowFormat, int> data = [];
        foreach (RowFormat format in KernelSamples.Formats)
        {
            foreach (int dimension in new[] { 1, 3, 4, 7, 15, 16, 17, 63, 65, 96, 127, 128, 768 })
            {
                data.Add(format, dimension);
            }
        }

        return data;
    }

    // 1 to 49 rows: every tail and every fill of a block, alone and after one to three blocks.
    [Theory]
    [MemberData(nameof(FormatsAndDimensions))]
    public void Score_AnyRowCount_IsWithinRoundingOfTheDefinition(RowFormat format, int dimension)
    {
        MultiVector query = KernelSamples.RandomRows(seed: dimension, rowCount: 5, dimension);
        MaxSimScorer scorer = new(query.View, format);

        for (int rowCount = 1; rowCount <= 49; rowCount++)
        {
            byte[] packed = KernelSamples.Pack(format, KernelSamples.RandomRows(seed: rowCount, rowCount, dimension));
            MultiVector stored = KernelSamples.Unpack(format, packed, rowCount, dimension);
            float expected = MaxSim.Score(query.View, stored.View);

            float actual = scorer.Score(packed, rowCount);

            Assert.Equal(expected, actual, KernelSamples.Bound(format, query, stored));
        }
    }

    // 1 to 70 query rows: every tile height, every way to divide rows into tiles, and more rows than a panel holds.
    [Theory]
    [MemberData(nameof(FormatsAndDimensions))]
    public void Score_OneRowWithOneRow_GivesTheBitsOfItsSimilarity(RowFormat format, int dimension)
    {
        MultiVector query = KernelSamples.RandomRows(seed: 3, rowCount: 1, dimension);
        byte[] packed = KernelSamples.Pack(format, KernelSamples.RandomRows(seed: 4, rowCount: 1, dimension));
        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            MaxSimScorer scorer = new(query.View, format, instructionSet);
            float[] similarity = new float[1];
            scorer.Explain(packed, 1, similarity, new int[1]);

            float score = scorer.Score(packed, 1);

            // Such a score takes a way of its own through the kernel, the similarity the way of all others.
            Assert.Equal(BitConverter.SingleToInt32Bits(similarity[0]), BitConverter.SingleToInt32Bits(score));
        }
    }

    [Theory]
    [InlineData(RowFormat.Float32)]
    [InlineData(RowFormat.Float16)]
    [InlineData(RowFormat.Int8)]
    public void Score_AnyQueryRowCount_IsWithinRoundingOfTheDefinition(RowFormat format)
    {
        const int dimension = 20;
        MultiVector entry = KernelSamples.RandomRows(seed: 1, rowCount: 150, dimension);
        byte[] packed = KernelSamples.Pack(format, entry);
        MultiVector stored = KernelSamples.Unpack(format, packed, entry.RowCount, dimension);

        for (int queryRowCount = 1; queryRowCount <= 70; queryRowCount++)
        {
            MultiVector query = KernelSamples.RandomRows(seed: queryRowCount, queryRowCount, dimension);
            float expected = MaxSim.Score(query.View, stored.View);

            float actual = new MaxSimScorer(query.View, format).Score(packed, entry.RowCount);

            Assert.Equal(expected, actual, KernelSamples.Bound(format, query, stored));
        }
    }

    [Theory]
    [MemberData(nameof(FormatsAndDimensions))]
    public void Score_EveryInstructionSet_GivesTheSameBits(RowFormat format, int dimension)
    {
        MultiVector query = KernelSamples.RandomRows(seed: 7, rowCount: 7, dimension);
        // 0 to 49 rows: every tail after none to three blocks; 64 to 72: after a group of four. 7 query rows share a tail row as 4, 2, 1.
        foreach (int rowCount in Enumerable.Range(0, 50).Concat([64, 65, 72, 111]))
        {
            byte[] packed = KernelSamples.Pack(format, KernelSamples.RandomRows(seed: rowCount, rowCount, dimension));
            float scalar = new MaxSimScorer(query.View, format, InstructionSet.Scalar).Score(packed, rowCount);

            foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
            {
                float actual = new MaxSimScorer(query.View, format, instructionSet).Score(packed, rowCount);

                Assert.Equal(BitConverter.SingleToInt32Bits(scalar), BitConverter.SingleToInt32Bits(actual));
            }
        }
    }

    [Theory]
    [MemberData(nameof(FormatsAndDimensions))]
    public void Explain_AnyShape_AgreesWithScoreAndNamesTheFirstBestRow(RowFormat format, int dimension)
    {
        MultiVector query = KernelSamples.RandomRows(seed: 11, rowCount: 8, dimension);
        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            MaxSimScorer scorer = new(query.View, format, instructionSet);
            foreach (int rowCount in new[] { 1, 2, 8, 9, 15, 16, 17, 24, 25, 67 })
            {
                byte[] packed = KernelSamples.Pack(format, KernelSamples.RandomRows(seed: rowCount, rowCount, dimension));
                float[] similarities = new float[8];
                int[] rows = new int[8];

                scorer.Explain(packed, rowCount, similarities, rows);

                Assert.Equal(scorer.Score(packed, rowCount), (float)similarities.Sum(x => (double)x));
                (float[] bestSimilarities, int[] bestRows) = ExplainRowByRow(query, format, packed, rowCount);
                Assert.Equal(bestSimilarities, similarities);
                Assert.Equal(bestRows, rows);
            }
        }
    }

    [Theory]
    [InlineData(RowFormat.Float32)]
    [InlineData(RowFormat.Float16)]
    [InlineData(RowFormat.Int8)]
    public void Explain_EqualRows_NamesTheLowest(RowFormat format)
    {
        // The best row returns; sums of 4 are exact in any order, so that a block and a tail agree. Of 45 rows the last block is padded
        // and repeats row 44; of 35 rows, 32 to 34 are the tail.
        foreach ((int rowCount, int[] equalRows) in new[] { (45, new[] { 21, 28, 44 }), (35, [21, 28, 34]), (35, [33, 34]) })
        {
            float[] values = KernelSamples.RandomRows(seed: 5, rowCount, dimension: 6).Values.ToArray();
            foreach (int row in equalRows)
            {
                values.AsSpan(row * 6, 6).Fill(4);
            }

            int[] bestRows = new int[1];
            new MaxSimScorer(new MultiVectorView(6, [1, 1, 1, 1, 1, 1]), format)
                .Explain(KernelSamples.Pack(format, new MultiVector(6, values)), rowCount, new float[1], bestRows);

            Assert.Equal(equalRows[0], bestRows[0]);
        }
    }

    [Theory]
    [InlineData(RowFormat.Float32)]
    [InlineData(RowFormat.Float16)]
    [InlineData(RowFormat.Int8)]
    public void Score_EmptySides_AreZeroAndNegativeInfinity(RowFormat format)
    {
        MaxSimScorer empty = new(new MultiVectorView(4, []), format);
        MaxSimScorer zeros = new(new MultiVectorView(4, new float[8]), format);
        byte[] packed = KernelSamples.Pack(format, KernelSamples.RandomRows(seed: 1, rowCount: 3, dimension: 4));
        float[] similarities = new float[2];
        int[] rows = new int[2];

        zeros.Explain([], 0, similarities, rows);

        Assert.Equal(0, empty.Score(packed, 3));
        Assert.Equal(0, empty.Score([], 0));
        Assert.Equal(float.NegativeInfinity, zeros.Score([], 0));
        Assert.Equal(0, zeros.Score(packed, 3));
        Assert.Equal([float.NegativeInfinity, float.NegativeInfinity], similarities);
        Assert.Equal([-1, -1], rows);
    }

    [Theory]
    [InlineData(RowFormat.Float32)]
    [InlineData(RowFormat.Float16)]
    [InlineData(RowFormat.Int8)]
    public void Score_UnalignedBytes_GivesTheSameBits(RowFormat format)
    {
        MultiVector query = KernelSamples.RandomRows(seed: 1, rowCount: 7, dimension: 33);
        byte[] packed = KernelSamples.Pack(format, KernelSamples.RandomRows(seed: 2, rowCount: 100, dimension: 33)); // 6 blocks, 4 rows
        byte[] shifted = new byte[packed.Length + 64];

        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            MaxSimScorer scorer = new(query.View, format, instructionSet);
            float expected = scorer.Score(packed, 100);
            for (int shift = 1; shift < 64; shift += 7)
            {
                packed.CopyTo(shifted, shift);

                Assert.Equal(expected, scorer.Score(shifted.AsSpan(shift, packed.Length), 100));
            }
        }
    }

    [Theory]
    [InlineData(RowFormat.Float32)]
    [InlineData(RowFormat.Float16)]
    [InlineData(RowFormat.Int8)]
    public void ScoreAndExplain_Repeated_AllocateNothing(RowFormat format)
    {
        MultiVector query = KernelSamples.RandomRows(seed: 1, rowCount: 70, dimension: 24);
        byte[] packed = KernelSamples.Pack(format, KernelSamples.RandomRows(seed: 2, rowCount: 70, dimension: 24));
        float[] similarities = new float[70];
        int[] rows = new int[70];
        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            MaxSimScorer scorer = new(query.View, format, instructionSet);

            Assert.Equal(0, Allocations.CountFewest(() =>
            {
                scorer.Score(packed, 70);
                scorer.Explain(packed, 70, similarities, rows);
            }));
        }
    }

    [Fact]
    public void Score_WrongLength_ThrowsWithExpectedAndActual()
    {
        MaxSimScorer scorer = new(new MultiVectorView(4, new float[8]), RowFormat.Float32);

        ArgumentException score = Assert.Throws<ArgumentException>(() => scorer.Score(new byte[255], 16));
        ArgumentException explain =
            Assert.Throws<ArgumentException>(() => scorer.Explain(new byte[256], 16, new float[2], new int[3]));

        Assert.Contains("256 bytes as Float32, 255 were given", score.Message, StringComparison.Ordinal);
        Assert.Equal("bestRows", explain.ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => scorer.Score([], -1));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Constructor_QueryNotFinite_Throws(float value)
    {
        Assert.Throws<ArgumentException>(() => new MaxSimScorer(new MultiVectorView(2, [1, value]), RowFormat.Int8));
    }

    [Fact]
    public void Constructor_ViewWithoutDimension_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxSimScorer(default, RowFormat.Float32));
    }

    // Each entry row in a place of its own kind scores one similarity at a time: a row of a block as 16 times itself, a row of the tail
    // alone. The first row that reaches the maximum wins.
    private static (float[] Similarities, int[] Rows) ExplainRowByRow(MultiVector query, RowFormat format, byte[] packed, int rowCount)
    {
        MultiVector stored = KernelSamples.Unpack(format, packed, rowCount, query.Dimension);
        float[] similarities = [.. Enumerable.Repeat(float.NegativeInfinity, query.RowCount)];
        int[] rows = new int[query.RowCount];
        int firstTailRow = rowCount % 16 <= 8 ? rowCount / 16 * 16 : rowCount;
        for (int j = 0; j < rowCount; j++)
        {
            int copyCount = j < firstTailRow ? 16 : 1;
            float[] copies = [.. Enumerable.Repeat(stored.Row(j).ToArray(), copyCount).SelectMany(row => row)];
            byte[] single = KernelSamples.Pack(format, new MultiVector(query.Dimension, copies));
            for (int i = 0; i < query.RowCount; i++)
            {
                float similarity = new MaxSimScorer(new MultiVectorView(query.Dimension, query.Row(i)), format).Score(single, copyCount);
                if (similarity > similarities[i])
                {
                    (similarities[i], rows[i]) = (similarity, j);
                }
            }
        }

        return (similarities, rows);
    }
}
