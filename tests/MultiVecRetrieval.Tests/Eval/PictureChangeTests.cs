using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.Duplicates;

namespace MultiVecRetrieval.Tests.Eval;

public class PictureChangeTests
{
    [Fact]
    public void Crop_TenthOnEachSide_KeepsTheMiddlePixels()
    {
        byte[] pixels = [.. Enumerable.Range(0, 10 * 10 * 3).Select(i => (byte)(i / 3))];

        RgbImage cropped = PictureChange.Crop(new RgbImage(10, 10, pixels), 0.1);

        Assert.Equal((8, 8), (cropped.Width, cropped.Height));
        Assert.Equal([11, 11, 11, 12, 12, 12], cropped.Pixels[..6].ToArray());
        Assert.Equal([88, 88, 88], cropped.Pixels[^3..].ToArray());
    }

    [Theory]
    [InlineData(0UL, 0UL, 0)]
    [InlineData(0UL, ulong.MaxValue, 64)]
    [InlineData(0b1011UL, 0b0010UL, 2)]
    public void Distance_TwoHashes_CountsTheDifferingBits(ulong a, ulong b, int expected)
    {
        Assert.Equal(expected, DuplicatesSuite.Distance(a, b));
    }
}
