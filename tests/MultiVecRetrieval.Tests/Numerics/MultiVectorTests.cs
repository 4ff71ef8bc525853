using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Numerics;

public class MultiVectorTests
{
    [Fact]
    public void Constructor_ValuesNotWholeRows_Throws()
    {
        Assert.Throws<ArgumentException>(() => new MultiVector(3, new float[7]));
    }

    [Fact]
    public void Row_SecondRow_IsTheSecondSliceOfTheValues()
    {
        MultiVector rows = new(2, [1, 2, 3, 4]);

        Assert.Equal([3f, 4f], rows.Row(1).ToArray());
        Assert.Equal(2, rows.RowCount);
    }
}
