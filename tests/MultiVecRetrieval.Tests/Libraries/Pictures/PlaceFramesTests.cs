using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Libraries.Pictures;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Libraries.Pictures;

public sealed class PlaceFramesTests
{
    [Fact]
    public void Draw_Box_ChangesALineAroundItAndNothingElse()
    {
        RgbImage image = new(100, 50, new byte[100 * 50 * 3]);

        PlaceFrames.Draw(image, [new Place(0.2f, 0.2f, 0.4f, 0.6f)]);

        // Two pixels outside the box from (20, 10) to (40, 30).
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                bool isInside = x is >= 20 and < 40 && y is >= 10 and < 30;
                bool isAround = x is >= 18 and < 42 && y is >= 8 and < 32;
                Assert.True((image.Pixels[((y * image.Width) + x) * 3] > 0) == (isAround && !isInside), $"({x}, {y})");
            }
        }
    }

    [Fact]
    public void Draw_WholePicture_IsSeenAtEveryEdge()
    {
        RgbImage image = new(40, 30, new byte[40 * 30 * 3]);

        PlaceFrames.Draw(image, [Place.Whole]);

        Assert.All(
            new[] { (0, 15), (39, 15), (20, 0), (20, 29) }, at => Assert.NotEqual(0, image.Pixels[((at.Item2 * 40) + at.Item1) * 3]));
        Assert.Equal(0, image.Pixels[((15 * 40) + 20) * 3]);
    }

    [Fact]
    public void Draw_PictureOfOnePixel_StaysInside()
    {
        RgbImage image = new(1, 1, new byte[3]);

        PlaceFrames.Draw(image, [Place.Whole, new Place(0.9f, 0.9f, 1, 1)]);

        Assert.NotEqual(0, image.Pixels[0]);
    }
}
