using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public sealed class SignTablesTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(192)]
    [InlineData(512)]
    [InlineData(576)]
    [InlineData(16_384)] // entries are smaller there, so that 16 bits hold the sums
    public void Sum_RandomCodes_AreSignedSumsWithinTheRoundingOfTheTables(int dimension)
    {
        Random random = new(Seed: dimension);
        float[] query = [.. Enumerable.Range(0, dimension).Select(_ => random.NextSingle() - 0.5f)];
        byte[] block = new byte[SignTables.GetBlockLength(dimension)];
        float[][] codes = new float[SignTables.BlockCodeCount][];
        for (int code = 0; code < codes.Length; code++)
        {
            // The last two have all signs equal to the query's and opposite to it: the largest and the smallest sum there is.
            codes[code] = [.. query.Select(x => code == 30 ? x : code == 31 ? -x : random.NextSingle() - 0.5f)];
            SignTables.Pack(codes[code], code, block);
        }

        SignTables tables = new(dimension);
        tables.Set(query);
        float[] sums = new float[SignTables.BlockCodeCount];
        tables.Sum(ref block[0], sums);

        // Every entry is off by up to half a step, and by what float32 rounds.
        double bound = (dimension / 4 * 0.5 * tables.Step) + (1e-4 * dimension);
        for (int code = 0; code < codes.Length; code++)
        {
            double expected = codes[code].Zip(query, (x, q) => x >= 0 ? (double)q : -q).Sum();
            Assert.Equal(Math.Round(sums[code]), sums[code]);
            Assert.Equal(expected, (sums[code] * tables.Step) - tables.Offset, tolerance: bound);
        }
    }

    [Fact]
    public void Sum_AnyLevel_GivesTheseSums()
    {
        const int Dimension = 320;
        Random random = new(Seed: 1);
        byte[] block = new byte[SignTables.GetBlockLength(Dimension)];
        random.NextBytes(block);
        SignTables tables = new(Dimension);
        tables.Set([.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f)]);
        float[] sums = new float[SignTables.BlockCodeCount];

        tables.Sum(ref block[0], sums);

        // The same at every level: the suite runs at four of them.
        Assert.Equal(408_826, sums.Select((x, i) => x * (i + 1)).Sum());
    }
}
