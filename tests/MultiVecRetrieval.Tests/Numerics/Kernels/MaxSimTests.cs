using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Numerics.Kernels;

public class MaxSimTests
{
    [Fact]
    public void Score_SmallExample_IsTheSumOfTheBestInnerProducts()
    {
        MultiVectorView query = new(2, [1, 0, 0, 2]);
        MultiVectorView entry = new(2, [3, -1, 0, 4, -5, 1]);

        // Row 0: 3, 0, -5. Row 1: -2, 8, 2.
        Assert.Equal(3 + 8, MaxSim.Score(query, entry));
    }

    [Fact]
    public void Score_EmptySides_AreZeroAndNegativeInfinity()
    {
        Assert.Equal(0, MaxSim.Score(new MultiVectorView(2, []), new MultiVectorView(2, [1, 1])));
        Assert.Equal(float.NegativeInfinity, MaxSim.Score(new MultiVectorView(2, [1, 1]), new MultiVectorView(2, [])));
    }

    [Fact]
    public void Score_DimensionsDiffer_ThrowsWithBoth()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => MaxSim.Score(new MultiVectorView(2, [1, 1]), new MultiVectorView(3, [1, 1, 1])));

        Assert.Contains("d = 2, the entry d = 3", error.Message, StringComparison.Ordinal);
    }
}
