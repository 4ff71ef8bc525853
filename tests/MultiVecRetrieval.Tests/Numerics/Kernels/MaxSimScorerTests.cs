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
}
