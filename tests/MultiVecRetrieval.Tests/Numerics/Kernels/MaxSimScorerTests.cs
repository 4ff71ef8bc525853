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
                // One row is a tail, 16 are a block; both sums are exact, so the scores are equal.
                float[] row = [.. Enumerable.Range(0, dimension).Select(k => signs[k % 2])];
                MultiVector single = new(dimension, row);
                byte[] tail = KernelSamples.Pack(RowFormat.Int8, single);
                byte[] block = KernelSamples.Pack(
                    RowFormat.Int8, new MultiVector(dimension, [.. Enumerable.Repeat(row, 16).SelectMany(values => values)]));
                MultiVector stored = KernelSamples.Unpack(RowFormat.Int8, tail, 1, dimension);
                double bound = KernelSamples.Bound(RowFormat.Int8, query, stored);
                float scalar = new MaxSimScorer(query.View, RowFormat.Int8, InstructionSet.Scalar).Score(tail, 1);

                Assert.Equal(MaxSim.Score(query.View, stored.View), scalar, bound);
                foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
                {
                    MaxSimScorer scorer = new(query.View, RowFormat.Int8, instructionSet);
                    Assert.Equal(scalar, scorer.Score(tail, 1));
                    Assert.Equal(scalar, scorer.Score(block, 16));
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
                byte[] tail = KernelSamples.Pack(RowFormat.Float16, new MultiVector(1, [(float)value]));
                byte[] block = KernelSamples.Pack(RowFormat.Float16, new MultiVector(1, [.. Enumerable.Repeat((float)value, 16)]));

                Assert.Equal((float)value, scorer.Score(tail, 1));
                Assert.Equal((float)value, scorer.Score(block, 16));
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

    // Plain products would give ∞ - ∞; a fused product is finite before it is added, so in a block infinity stays infinity.
    [Fact]
    public void Score_InnerProductOverflowsInABlock_IsInfiniteNotNaN()
    {
        float huge = float.MaxValue;
        float[] ones = [.. Enumerable.Repeat(1f, 2 * 14)];
        byte[] packed = KernelSamples.Pack(RowFormat.Float32, new MultiVector(2, [-huge, huge, huge, -huge, .. ones]));

        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            MaxSimScorer scorer = new(new MultiVectorView(2, [huge, huge]), RowFormat.Float32, instructionSet);
            int[] rows = new int[1];
            scorer.Explain(packed, 16, new float[1], rows);

            Assert.Equal(float.PositiveInfinity, scorer.Score(packed, 16));
            Assert.Equal(1, rows[0]);
        }
    }

    // In a tail the two products are partial sums, -∞ and ∞: their sum is NaN and does not win.
    [Fact]
    public void Score_InnerProductOverflowsInATail_NeverIsNaN()
    {
        float huge = float.MaxValue;
        byte[] packed = KernelSamples.Pack(RowFormat.Float32, new MultiVector(2, [-huge, huge, huge, -huge, 1, 1]));
        byte[] lost = packed[..16];
        int[] rows = new int[1];

        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            MaxSimScorer scorer = new(new MultiVectorView(2, [huge, huge]), RowFormat.Float32, instructionSet);

            scorer.Explain(packed, 3, new float[1], rows);
            Assert.Equal(float.PositiveInfinity, scorer.Score(packed, 3));
            Assert.Equal(2, rows[0]);

            scorer.Explain(lost, 2, new float[1], rows);
            Assert.Equal(float.NegativeInfinity, scorer.Score(lost, 2));
            Assert.Equal(-1, rows[0]);
        }
    }

    // A sum of -0 must meet the zeros after d in every kernel alike: -1e-30 · 1e-30 underflows to -0.
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    public void Score_ProductUnderflowsToMinusZero_GivesTheSameBits(int dimension)
    {
        MultiVector query = new(dimension, [.. Enumerable.Repeat(1e-30f, dimension)]);
        byte[] packed = KernelSamples.Pack(RowFormat.Float32, new MultiVector(dimension, [.. Enumerable.Repeat(-1e-30f, dimension)]));
        float[] expected = new float[1];
        float[] actual = new float[1];
        new MaxSimScorer(query.View, RowFormat.Float32, InstructionSet.Scalar).Explain(packed, 1, expected, new int[1]);

        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            new MaxSimScorer(query.View, RowFormat.Float32, instructionSet).Explain(packed, 1, actual, new int[1]);

            Assert.Equal(BitConverter.SingleToInt32Bits(expected[0]), BitConverter.SingleToInt32Bits(actual[0]));
        }
    }

    // 16 partial sums added in one fixed order, written out again here: the order decides the bits, and bits decide ranks.
    [Theory]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(512)]
    public void Score_OneRow_AddsInTheDocumentedOrder(int dimension)
    {
        ReadOnlySpan<float> x = KernelSamples.RandomRows(seed: 1, rowCount: 1, dimension).Values;
        ReadOnlySpan<float> y = KernelSamples.RandomRows(seed: 2, rowCount: 1, dimension).Values;
        float[] s = new float[16];
        for (int k = 0; k < dimension; k++)
        {
            s[k % 16] = MathF.FusedMultiplyAdd(x[k], y[k], s[k % 16]);
        }

        float expected = Four(0) + Four(1);

        Assert.Equal(expected, new MaxSimScorer(new MultiVectorView(dimension, x), RowFormat.Float32)
            .Score(KernelSamples.Pack(RowFormat.Float32, new MultiVector(dimension, y.ToArray())), 1));

        float Four(int i) => (s[i] + s[i + 8] + (s[i + 4] + s[i + 12])) + (s[i + 2] + s[i + 10] + (s[i + 6] + s[i + 14]));
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
