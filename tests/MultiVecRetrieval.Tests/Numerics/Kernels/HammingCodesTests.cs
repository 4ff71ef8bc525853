using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public class HammingCodesTests
{
    // Bits around steps of 24, and up to where sums need more than a byte; counts around blocks of 64.
    public static TheoryData<int, int> Shapes => new()
    {
        { 8, 1 }, { 8, 700 }, { 16, 63 }, { 24, 64 }, { 32, 65 }, { 48, 300 }, { 64, 500 }, { 128, 129 }, { 256, 1_000 }, { 264, 200 },
            { 4_096, 130 },
        { 32_768, 70 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Search_AnyShape_FindsTheNearestByTheirBits(int bitCount, int count)
    {
        Random random = new(bitCount + count);
        byte[] codes = RandomCodes(random, count, bitCount);
        byte[] queries = RandomCodes(random, 6, bitCount);
        queries.AsSpan(0, bitCount / 8).Fill(0xFF);
        codes.AsSpan(0, bitCount / 8).Clear(); // the distance of all bits
        foreach (InstructionSet level in KernelSamples.SupportedInstructionSets())
        {
            HammingCodes index = new(bitCount, level);
            index.Add(codes.AsSpan(0, count / 3 * bitCount / 8));
            index.Add(codes.AsSpan(count / 3 * bitCount / 8));
            Assert.Equal(count, index.Count);
            foreach (int k in (int[])[0, 1, 10, 2_000])
            {
                ScoredId[][] found = index.Search(queries, k);

                Assert.Equal(6, found.Length);
                for (int query = 0; query < 6; query++)
                {
                    Assert.Equal(FindPlainly(codes, queries.AsSpan(query * bitCount / 8, bitCount / 8), k), found[query]);
                }
            }
        }
    }

    [Fact]
    public void Search_ManyTies_KeepsTheLowestIdsOnAnyNumberOfThreads()
    {
        // 300,000 codes of 8 bits in two slabs: about 1,200 of each.
        byte[] codes = RandomCodes(new Random(Seed: 4), 300_000, 8);
        HammingCodes index = new(8);
        index.Add(codes);
        byte[] queries = [0x00, 0x5A, 0xFF, 0x13, 0x77];

        ScoredId[][] one = index.Search(queries, 1_500, threads: 1);
        ScoredId[][] three = index.Search(queries, 1_500, threads: 3);

        for (int query = 0; query < queries.Length; query++)
        {
            Assert.Equal(FindPlainly(codes, queries.AsSpan(query, 1), 1_500), one[query]);
            Assert.Equal(one[query], three[query]);
        }
    }

    [Fact]
    public void Search_NoCodes_FindsNone()
    {
        Assert.Equal([[]], new HammingCodes(64).Search(new byte[8], 10));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(32_776)]
    public void Constructor_BitsNotWholeBytesOrTooMany_ThrowsArgumentOutOfRange(int bitCount) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HammingCodes(bitCount));

    [Fact]
    public void Add_PartOfACode_ThrowsWithBothLengths()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new HammingCodes(64).Add(new byte[12]));

        Assert.Contains("12 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("8 bytes", error.Message, StringComparison.Ordinal);
    }

    private static byte[] RandomCodes(Random random, int count, int bitCount)
    {
        byte[] codes = new byte[count * bitCount / 8];
        random.NextBytes(codes);
        return codes;
    }

    private static ScoredId[] FindPlainly(byte[] codes, ReadOnlySpan<byte> query, int k)
    {
        List<ScoredId> all = [];
        for (int id = 0; id < codes.Length / query.Length; id++)
        {
            int distance = 0;
            for (int i = 0; i < query.Length; i++)
            {
                distance += int.PopCount(codes[(id * query.Length) + i] ^ query[i]);
            }

            all.Add(new ScoredId(id, -distance));
        }

        return [.. all.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id).Take(k)];
    }
}
