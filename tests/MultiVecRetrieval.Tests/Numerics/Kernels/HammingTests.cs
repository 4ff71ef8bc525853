using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public class HammingTests
{
    [Theory]
    [InlineData(0ul, 0ul, 0)]
    [InlineData(ulong.MaxValue, 0ul, 64)]
    [InlineData(0b1011ul, 0b0001ul, 2)]
    [InlineData(1ul << 63, 1ul, 2)]
    public void Distance_Words_CountsDifferingBits(ulong x, ulong y, int expected)
    {
        Assert.Equal(expected, Hamming.Distance(x, y));
    }

    [Fact]
    public void Distance_AnyLength_EqualsTheBitByBitCount()
    {
        Random random = new(Seed: 1);
        for (int length = 0; length <= 33; length++)
        {
            ulong[] x = [.. Enumerable.Range(0, length).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))];
            ulong[] y = [.. Enumerable.Range(0, length).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))];
            long expected = 0;
            for (int bit = 0; bit < 64 * length; bit++)
            {
                expected += (long)(((x[bit / 64] ^ y[bit / 64]) >> (bit % 64)) & 1);
            }

            Assert.Equal(expected, Hamming.Distance(x, y));
        }
    }

    [Fact]
    public void Distance_LengthsDiffer_ThrowsWithBoth()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Hamming.Distance(new ulong[2], new ulong[3]));

        Assert.Contains("2 and 3 words", error.Message, StringComparison.Ordinal);
    }
}
