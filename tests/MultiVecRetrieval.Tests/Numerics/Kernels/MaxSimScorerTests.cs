using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Tiles;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public class MaxSimScorerTests
{
    public static TheoryData<RowFormat, int> FormatsAndDimensions()
    {
        TheoryData<RowFormat, int> data = [];
        foreach (RowFormat format in KernelSamples.Formats)
        {
            foreach (int dimension in new[] { 1, 3, 4, 7, 16, 96, 127, 128, 768 })
            {
                data.Add(format, dimension);
            }
        }

        return data;
    }

    // 0 to 49 rows: no block, every fill of a block, and the groups of one to four blocks with every remainder.
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
        MultiVector query = KernelSamples.RandomRows(seed: 7, rowCount: 9, dimension);
        int[] rowCounts = [1, 15, 16, 17, 64, 65, 111];

        foreach (int rowCount in rowCounts)
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
            foreach (int rowCount in new[] { 1, 16, 17, 67 })
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
        // Row 21 of 35 is the best and returns as rows 28 and 34; the padding repeats row 34 once more.
        MultiVector rows = KernelSamples.RandomRows(seed: 5, rowCount: 35, dimension: 6);
        float[] values = rows.Values.ToArray();
        float[] best = [4, 4, 4, 4, 4, 4];
        foreach (int row in new[] { 21, 28, 34 })
        {
            best.CopyTo(values, row * 6);
        }

        int[] bestRows = new int[1];
        new MaxSimScorer(new MultiVectorView(6, [1, 1, 1, 1, 1, 1]), format)
            .Explain(KernelSamples.Pack(format, new MultiVector(6, values)), 35, new float[1], bestRows);

        Assert.Equal(21, bestRows[0]);
    }

    // The bound of KernelSamples is against the stored rows; this one is against the rows before rounding to codes:
    // |q·d - q·d̂| ≤ Σ|q_k| · (step/2 + roundings), step = max|d_k| / 127.
    [Fact]
    public void Score_Int8_IsWithinTheQuantisationBoundOfTheOriginalRows()
    {
        const int dimension = 128;
        MultiVector query = KernelSamples.RandomRows(seed: 21, rowCount: 4, dimension);
        MultiVector entry = KernelSamples.RandomRows(seed: 22, rowCount: 40, dimension);
        byte[] packed = KernelSamples.Pack(RowFormat.Int8, entry);
        double peak = entry.Values.ToArray().Max(MathF.Abs);
        double quantization = query.Values.ToArray().Sum(x => Math.Abs((double)x)) * ((peak / 254) + (3 * peak / (1 << 24)));
        double arithmetic = KernelSamples.Bound(
            RowFormat.Int8, query, KernelSamples.Unpack(RowFormat.Int8, packed, entry.RowCount, dimension));

        float actual = new MaxSimScorer(query.View, RowFormat.Int8).Score(packed, entry.RowCount);

        Assert.Equal(MaxSim.Score(query.View, entry.View), actual, quantization + arithmetic);
    }

    // Stored codes and pairs of query codes at their extremes: the largest int16 pair and int32 sum that can occur.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(768)]
    [InlineData(65_536)]
    public void Score_Int8ExtremeCodes_NeitherSaturateNorOverflow(int dimension)
    {
        // (64, 64), (127, 0) and (-64, 64) are query codes on the limit |a| + |b| = 127 that rounding takes to 128.
        float[][] pairs = [[1, 1], [2, 0], [-1, 1], [-1, -1]];
        foreach (float[] pair in pairs)
        {
            MultiVector query = new(dimension, [.. Enumerable.Range(0, dimension).Select(k => pair[k % 2])]);
            foreach (float[] signs in pairs)
            {
                MultiVector entry = new(dimension, [.. Enumerable.Range(0, dimension).Select(k => signs[k % 2])]);
                byte[] packed = KernelSamples.Pack(RowFormat.Int8, entry);
                MultiVector stored = KernelSamples.Unpack(RowFormat.Int8, packed, 1, dimension);
                double bound = KernelSamples.Bound(RowFormat.Int8, query, stored);
                float scalar = new MaxSimScorer(query.View, RowFormat.Int8, InstructionSet.Scalar).Score(packed, 1);

                Assert.Equal(MaxSim.Score(query.View, stored.View), scalar, bound);
                foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
                {
                    Assert.Equal(scalar, new MaxSimScorer(query.View, RowFormat.Int8, instructionSet).Score(packed, 1));
                }
            }
        }
    }

    [Fact]
    public void Quantize_AnyNeighbours_KeepWithinTheSaturationBound()
    {
        Random random = new(Seed: 9);
        sbyte[] codes = new sbyte[2];
        for (int i = 0; i < 100_000; i++)
        {
            Int8Query.Quantize([random.NextSingle() - 0.5f, random.NextSingle() - 0.5f], codes);

            Assert.InRange(Math.Abs((int)codes[0]) + Math.Abs((int)codes[1]), 126, 128);
        }
    }

    [Fact]
    public void Score_Float16EveryFiniteValue_IsExactAtEveryInstructionSet()
    {
        // A query row of 1 and d = 1 makes the score the value itself; row i is the i-th finite binary16, subnormal ones included.
        Half[] finite = [.. Enumerable.Range(0, 1 << 16).Select(x => BitConverter.UInt16BitsToHalf((ushort)x)).Where(Half.IsFinite)];
        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            MaxSimScorer scorer = new(new MultiVectorView(1, [1]), RowFormat.Float16, instructionSet);
            foreach (Half value in finite)
            {
                byte[] packed = KernelSamples.Pack(RowFormat.Float16, new MultiVector(1, [(float)value]));

                Assert.Equal((float)value, scorer.Score(packed, 1));
            }
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

    // Plain products would give ∞ - ∞; a fused product is finite before it is added, so infinity stays infinity.
    [Fact]
    public void Score_InnerProductOverflows_IsInfiniteNotNaN()
    {
        float huge = float.MaxValue;
        byte[] packed = KernelSamples.Pack(RowFormat.Float32, new MultiVector(2, [-huge, huge, huge, -huge, 1, 1]));

        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            MaxSimScorer scorer = new(new MultiVectorView(2, [huge, huge]), RowFormat.Float32, instructionSet);
            int[] rows = new int[1];
            scorer.Explain(packed, 3, new float[1], rows);

            Assert.Equal(float.PositiveInfinity, scorer.Score(packed, 3));
            Assert.Equal(1, rows[0]);
        }
    }

    [Fact]
    public void Score_DamagedRowIsNaN_AnotherRowWins()
    {
        byte[] packed = KernelSamples.Pack(RowFormat.Float32, KernelSamples.RandomRows(seed: 1, rowCount: 16 * 5, dimension: 2));
        byte[] damaged = [.. packed];
        int[] rows = new int[1];
        new MaxSimScorer(new MultiVectorView(2, [1, 1]), RowFormat.Float32).Explain(packed, 80, new float[1], rows);
        BitConverter.TryWriteBytes(damaged.AsSpan((rows[0] / 16 * 128) + (rows[0] % 16 * 4)), float.NaN);
        int[] others = new int[1];

        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            MaxSimScorer scorer = new(new MultiVectorView(2, [1, 1]), RowFormat.Float32, instructionSet);
            scorer.Explain(damaged, 80, new float[1], others);

            Assert.NotEqual(rows[0], others[0]);
            Assert.True(scorer.Score(damaged, 80) < scorer.Score(packed, 80));
        }
    }

    [Theory]
    [InlineData(RowFormat.Float32)]
    [InlineData(RowFormat.Float16)]
    [InlineData(RowFormat.Int8)]
    public void Score_UnalignedBytes_GivesTheSameBits(RowFormat format)
    {
        MultiVector query = KernelSamples.RandomRows(seed: 1, rowCount: 7, dimension: 33);
        byte[] packed = KernelSamples.Pack(format, KernelSamples.RandomRows(seed: 2, rowCount: 100, dimension: 33));
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
            scorer.Score(packed, 70);
            scorer.Explain(packed, 70, similarities, rows);
            long before = GC.GetAllocatedBytesForCurrentThread();

            for (int i = 0; i < 10; i++)
            {
                scorer.Score(packed, 70);
                scorer.Explain(packed, 70, similarities, rows);
            }

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
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

    // Each entry row packed alone scores one similarity at a time; the first row that reaches the maximum wins.
    private static (float[] Similarities, int[] Rows) ExplainRowByRow(MultiVector query, RowFormat format, byte[] packed, int rowCount)
    {
        MultiVector stored = KernelSamples.Unpack(format, packed, rowCount, query.Dimension);
        float[] similarities = [.. Enumerable.Repeat(float.NegativeInfinity, query.RowCount)];
        int[] rows = new int[query.RowCount];
        for (int i = 0; i < query.RowCount; i++)
        {
            MaxSimScorer scorer = new(new MultiVectorView(query.Dimension, query.Row(i)), format);
            for (int j = 0; j < rowCount; j++)
            {
                byte[] single = KernelSamples.Pack(format, new MultiVector(query.Dimension, stored.Row(j).ToArray()));
                float similarity = scorer.Score(single, 1);
                if (similarity > similarities[i])
                {
                    (similarities[i], rows[i]) = (similarity, j);
                }
            }
        }

        return (similarities, rows);
    }
}
