using MultiVecRetrieval.Encoding.PageWords;

namespace MultiVecRetrieval.Tests.Encoding.Models;

public class PictureScalesTests
{
    private static readonly int[][] Ladders = [[320, 640, 1280], [480, 960, 1754]];

    [Theory]
    [InlineData(200, 320)] // below every top: the lowest ladder
    [InlineData(1280, 320)]
    [InlineData(1753, 320)]
    [InlineData(1754, 480)] // as large as a page
    [InlineData(6000, 480)]
    public void ChooseLadder_AnyPicture_TakesTheHighestTopThatItReaches(int longSide, int expectedFirst)
    {
        Assert.Equal(expectedFirst, PictureScales.ChooseLadder(Ladders, longSide)[0]);
    }

    [Fact]
    public void ChooseLadder_NoLadders_LeavesThePictureItsOwnSize()
    {
        Assert.Equal([700], PictureScales.Choose(PictureScales.ChooseLadder([], 700), 700, maxEnlargement: 2));
    }

    [Fact]
    public void Choose_SmallPicture_IsEnlargedAtMostByTheFactorAndNeverReadTwiceAtOneSize()
    {
        // 2 * 300 = 600 replaces 640 and 1280; 320 is far enough from it to be another scale.
        Assert.Equal([320, 600], PictureScales.Choose(Ladders[0], 300, maxEnlargement: 2));
    }
}
