using MultiVecRetrieval.Numerics.Quantization.Tables;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

public class TableRoundingTests
{
    // From hardly any tables to the most there may be.
    [Theory]
    [InlineData(1, 16, 127)]
    [InlineData(64, 16, 127)]
    [InlineData(1000, 16, 127)]
    [InlineData(16, 256, 255)]
    [InlineData(256, 256, 255)]
    public void Round_AnyTables_StaysIn16BitsAndWithinItsError(int tableCount, int codeCount, int largestValue)
    {
        Random random = new(Seed: tableCount);
        for (int repetition = 0; repetition < 20; repetition++)
        {
            double[] tables =
                [.. Enumerable.Range(0, tableCount * codeCount).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, repetition - 10))];
            byte[] roundedTables = new byte[tables.Length];

            TableRounding rounding = TableRounding.Round(tables, codeCount, largestValue, roundedTables);

            Assert.All(roundedTables, value => Assert.InRange(value, 0, largestValue));
            Assert.InRange(roundedTables.Chunk(codeCount).Sum(table => table.Max()), 1, ushort.MaxValue);
            for (int trial = 0; trial < 20; trial++)
            {
                int[] codes = [.. Enumerable.Range(0, tableCount).Select(_ => random.Next(codeCount))];
                double exact = codes.Select((code, table) => tables[(table * codeCount) + code]).Sum();
                long sum = codes.Select((code, table) => (long)roundedTables[(table * codeCount) + code]).Sum();
                Assert.Equal(exact, rounding.Offset + (rounding.Step * sum), rounding.Error);
            }
        }
    }

    [Fact]
    public void Round_EqualValues_AreTheOffset()
    {
        byte[] rounded = new byte[32];

        TableRounding rounding = TableRounding.Round(new double[32].Select(_ => 0.25).ToArray(), 16, 127, rounded);

        Assert.Equal(new TableRounding(1, 0.5, rounding.Error), rounding);
        Assert.All(rounded, value => Assert.Equal(0, value));
    }
}
