using MultiVecRetrieval.Numerics.Quantization.Tables;

namespace MultiVecRetrieval.Tests.Numerics.Quantization;

public class TableRoundingTests
{
    // From hardly any tables to the most there may be, with bases that dwarf them and bases that vanish beside them.
    [Theory]
    [InlineData(1, 16, 127, 0)]
    [InlineData(8, 16, 127, 1e-6)]
    [InlineData(64, 16, 127, 1)]
    [InlineData(128, 16, 127, 1e6)]
    [InlineData(1000, 16, 127, 1)]
    [InlineData(16, 256, 255, 0)]
    [InlineData(256, 256, 255, 0)]
    public void Round_AnyTables_StaysIn16BitsAndWithinItsError(int tableCount, int codeCount, int largestValue, double baseRange)
    {
        Random random = new(Seed: tableCount);
        for (int repetition = 0; repetition < 20; repetition++)
        {
            double[] tables = [.. Enumerable.Range(0, tableCount * codeCount).Select(_ => (random.NextDouble() - 0.5) * Math.Pow(10, repetition - 10))];
            float[] bases = baseRange == 0 ? [] : [.. Enumerable.Range(0, 9).Select(_ => (float)((random.NextDouble() - 0.5) * baseRange))];
            byte[] roundedTables = new byte[tables.Length];
            ushort[] roundedBases = new ushort[bases.Length];

            TableRounding rounding = TableRounding.Round(tables, codeCount, largestValue, bases, roundedTables, roundedBases);

            Assert.All(roundedTables, value => Assert.InRange(value, 0, largestValue));
            Assert.InRange(LargestSum(roundedTables, roundedBases, codeCount), 1, ushort.MaxValue);
            for (int trial = 0; trial < 20; trial++)
            {
                int[] codes = [.. Enumerable.Range(0, tableCount).Select(_ => random.Next(codeCount))];
                int id = random.Next(Math.Max(1, bases.Length));
                double exact = codes.Select((code, table) => tables[(table * codeCount) + code]).Sum() + (bases.Length == 0 ? 0 : bases[id]);
                long sum = codes.Select((code, table) => (long)roundedTables[(table * codeCount) + code]).Sum() + (bases.Length == 0 ? 0 : roundedBases[id]);
                Assert.Equal(exact, rounding.Offset + (rounding.Step * sum), rounding.Error);
            }
        }
    }

    [Fact]
    public void Round_EqualValues_AreTheOffset()
    {
        byte[] rounded = new byte[32];

        TableRounding rounding = TableRounding.Round(new double[32].Select(_ => 0.25).ToArray(), 16, 127, [], rounded, []);

        Assert.Equal(new TableRounding(1, 0.5, rounding.Error), rounding);
        Assert.All(rounded, value => Assert.Equal(0, value));
    }

    private static long LargestSum(byte[] tables, ushort[] bases, int codeCount) =>
        tables.Chunk(codeCount).Sum(table => (long)table.Max()) + (bases.Length == 0 ? 0 : bases.Max());
}
