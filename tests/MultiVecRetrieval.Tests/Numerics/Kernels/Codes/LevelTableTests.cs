using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Kernels.Codes;

namespace MultiVecRetrieval.Tests.Numerics.Kernels.Codes;

public sealed class LevelTableTests
{
    private const int CodeCount = 300;

    // Runs of 32 and of 16, whole and with one row less or more; groups of four rows that are not full.
    public static TheoryData<int> QueryRowCounts => [1, 3, 8, 9, 15, 16, 17, 20, 31, 32, 33, 47, 48, 49, 64, 65, 70, 97];

    [Theory]
    [MemberData(nameof(QueryRowCounts))]
    public void Score_AnyCodes_IsTheDefinitionAtEveryInstructionSet(int queryRowCount)
    {
        Random random = new(Seed: queryRowCount);
        float[] similarities =
            [.. Enumerable.Range(0, queryRowCount * CodeCount)
            .Select(i => (float)(((random.NextDouble() * 2) - 1) * (1 + (i / CodeCount % 3))))];
        foreach (InstructionSet instructionSet in KernelSamples.SupportedInstructionSets())
        {
            LevelTable table = LevelTable.TryCreate(instructionSet, similarities, queryRowCount)!;
            foreach (int count in new[] { 1, 2, 7, 120 })
            {
                ushort[] codes = [.. Enumerable.Range(0, count).Select(_ => (ushort)random.Next(CodeCount))];

                float score = table.Score<ushort>(codes);

                Assert.Equal(ScorePlainly(similarities, queryRowCount, codes), score);
                Assert.Equal(score, table.Score<int>([.. codes.Select(code => (int)code)]));
            }
        }
    }

    [Fact]
    public void Score_AnyCodes_IsWithinHalfAStepARowOfTheSimilarities()
    {
        const int RowCount = 20;
        Random random = new(Seed: 4);
        float[] similarities = [.. Enumerable.Range(0, RowCount * CodeCount).Select(_ => random.NextSingle() - 0.3f)];
        LevelTable table = LevelTable.TryCreate(InstructionSets.Best, similarities, RowCount)!;
        double largestError = 0;
        for (int trial = 0; trial < 200; trial++)
        {
            ushort[] codes = [.. Enumerable.Range(0, 40).Select(_ => (ushort)random.Next(CodeCount))];
            double exact = Enumerable.Range(0, RowCount).Sum(row => (double)codes.Max(code => similarities[(row * CodeCount) + code]));

            largestError = Math.Max(largestError, Math.Abs(table.Score<ushort>(codes) - exact));
        }

        // The range is below 1; float32 rounding is far below what is left of it. Errors of rows have both signs, so they are not all gone
        // either.
        Assert.InRange(largestError, 1e-4, RowCount * 0.5 / 255);
    }

    [Theory]
    [InlineData(0.25f, 0.25f)] // no range to divide
    [InlineData(0, float.NegativeInfinity)] // a product beyond float32
    [InlineData(0, float.PositiveInfinity)]
    [InlineData(-3e38f, 3e38f)] // a range beyond float32
    [InlineData(0, 1e-40f)] // one so small that its inverse is
    public void TryCreate_NoLevels_GivesNone(float first, float second) =>
        Assert.Null(LevelTable.TryCreate(InstructionSets.Best, [first, second, first, second], queryRowCount: 2));

    [Fact]
    public void TryCreate_OneRowOfEqualSimilarities_HasLevelsByTheOthers()
    {
        LevelTable table = LevelTable.TryCreate(InstructionSets.Best, [0.5f, 0.5f, 0, 1], queryRowCount: 2)!;

        Assert.Equal([0.5f, 1.5f], new[] { table.Score<byte>([0]), table.Score<byte>([0, 1]) });
    }

    private static float ScorePlainly(float[] similarities, int rowCount, ushort[] codes)
    {
        float[][] rows = [.. similarities.Chunk(similarities.Length / rowCount)];
        float[] floors = [.. rows.Select(row => row.Min())];
        float range = rows.Zip(floors, (row, floor) => row.Max() - floor).Max();
        int levels = rows.Zip(floors, (row, floor) => codes.Max(code => (int)MathF.Round((row[code] - floor) * (255 / range)))).Sum();
        return (float)(floors.Sum(floor => (double)floor) + (range / 255.0 * levels));
    }
}
