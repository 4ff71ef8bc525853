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

    // Bases that dwarf the tables and bases that vanish beside them; tables on both sides of zero, above it and below; one table far wider
    // than the others.
    [Theory]
    [InlineData(1, 1e-6, 0, 1)]
    [InlineData(8, 1e-6, 0, 30)]
    [InlineData(64, 1, 0, 1)]
    [InlineData(64, 1, 3, 30)]
    [InlineData(64, 1, -3, 30)]
    [InlineData(128, 1e6, 0, 1)]
    [InlineData(1000, 1, 0, 30)]
    public void RoundScaled_AnyTables_StaysIn16BitsAndWithinItsError(int tableCount, double baseRange, double shift, double wide)
    {
        Random random = new(Seed: tableCount);
        for (int repetition = 0; repetition < 20; repetition++)
        {
            double[] tables = [.. Enumerable.Range(0, tableCount * 16)
                .Select(i => (random.NextDouble() - 0.5 + shift) * (i < 16 ? wide : 1) * Math.Pow(10, repetition - 10))];
            float[] bases = [.. Enumerable.Range(0, 9).Select(_ => (float)((random.NextDouble() - 0.5) * baseRange))];
            byte[] roundedTables = new byte[tables.Length];
            ushort[] roundedBases = new ushort[bases.Length];

            TableRounding rounding = TableRounding.RoundScaled(tables, bases, roundedTables, roundedBases, out int zero);

            int[] largest = [.. roundedTables.Chunk(16).Select(table => (int)table.Max())];
            Assert.All(largest,
                (value, table)
                => Assert.InRange(value + (table % 8 < 4 && table + 4 < tableCount ? largest[table + 4] : 0), 0, byte.MaxValue));
            Assert.InRange(largest.Sum(), 0, ushort.MaxValue);
            Assert.InRange(zero, -ushort.MaxValue, ushort.MaxValue);
            for (int trial = 0; trial < 40; trial++)
            {
                int[] codes = [.. Enumerable.Range(0, tableCount).Select(_ => random.Next(16))];
                int id = random.Next(bases.Length);
                int scale = trial == 0 ? 0 : random.Next(256);
                double exact = (codes.Select((code, table) => tables[(table * 16) + code]).Sum() * scale / 256) + bases[id];
                int sum = codes.Select((code, table) => (int)roundedTables[(table * 16) + code]).Sum();
                int total = roundedBases[id] + ((((sum - zero) * scale) + 128) >> 8);
                Assert.InRange(total, 0, int.MaxValue);
                Assert.Equal(exact, rounding.Offset + (rounding.Step * total), rounding.Error);
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
