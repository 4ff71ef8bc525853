using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Tiles;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

/// <summary>The ends of the number ranges: quantisation bounds, saturation, overflow, underflow and values that are no number.</summary>
public class MaxSimScorerRangeTests
{
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
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(768)]
    [InlineData(65_536)]
    public void Score_Int8ExtremeCodes_NeitherSaturateNorOverflow(int dimension)
    {
        // Eight values a step. One sign: four codes of 32 make 128 (31.5 rounds to 32); one huge value: a code of 126; both signs: 64 twice
        // against -64 twice; only in the second half of a step; a mixture that rounds up thrice.
        float[][] steps =
        [
            [1, 1, 1, 1, 1, 1, 1, 1], [-1, -1, -1, -1, -1, -1, -1, -1], [0, 0, 0, 1, 0, 0, 0, 0], [1, -1, -1, 1, -1, 1, 1, -1],
            [0, 0, 0, 0, 1, 1, -1, -1], [5, 5, 1, 0, 5, 1, -1, 0],
        ];
        foreach (float[] pair in steps)
        {
            MultiVector query =
                new(dimension, [.. Enumerable.Range(0, dimension).Select(k => pair[k % 8] == 0 && dimension < 8 ? 1 : pair[k % 8])]);
            foreach (float[] signs in steps)
            {
                // One row is a tail, 16 are a block; both sums are exact, so the scores are equal.
                float[] row = [.. Enumerable.Range(0, dimension).Select(k => signs[k % 8])];
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
    public void Quantize_AnyRow_KeepsWithinTheSaturationBound()
    {
        Random random = new(Seed: 9);
        for (int i = 0; i < 100_000; i++)
        {
            float[] row = [.. Enumerable.Range(0, 1 + (i % 19)).Select(_ => random.NextSingle() - (i % 3 / 2f))];
            row[random.Next(row.Length)] *= i % 5 == 0 ? 100 : 1;
            sbyte[] codes = new sbyte[row.Length];

            Int8Query.Quantize(row, codes);

            int largest = KernelSamples.GetInt16Sums(codes)
                .Max(sum => Math.Max(sum.Sum(x => Math.Max((int)x, 0)), sum.Sum(x => Math.Max(-x, 0))));
            Assert.InRange(largest, 124, 128);
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
}
