using System.Runtime.InteropServices;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public sealed class Int8DotTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(448)]
    [InlineData(4096)]
    public void Compute_RandomAndExtremeCodes_EqualsTheSum(int length)
    {
        Random random = new(Seed: length);
        int limit = Int8Dot.GetMaxQueryCode(length);
        for (int round = 0; round < 4; round++)
        {
            // The last rounds are the extremes, in which every product has the same sign.
            short[] query = [.. Enumerable.Range(0, length).Select(_ => (short)(round < 2 ? random.Next(-limit, limit + 1) : limit))];
            sbyte[] codes =
                [.. Enumerable.Range(0, length).Select(_ => (sbyte)(round < 2 ? random.Next(-127, 128) : round == 2 ? 127 : -127))];
            long expected = query.Zip(codes, (x, y) => (long)x * y).Sum();

            Assert.Equal(expected, Int8Dot.Compute(ref query[0], ref codes[0], length));
            Assert.Equal(
                codes.Sum(x => (long)x * -codes[0]),
                Int8Dot.Compute(ref codes[0],
                    ref MemoryMarshal.GetArrayDataReference(Enumerable.Repeat((sbyte)-codes[0], length).ToArray()), length));
        }
    }
}
