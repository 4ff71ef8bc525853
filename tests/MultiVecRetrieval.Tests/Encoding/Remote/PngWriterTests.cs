using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Tests.Encoding.Preprocessing;

namespace MultiVecRetrieval.Tests.Encoding.Remote;

public sealed class PngWriterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(7, 1)]
    [InlineData(257, 66)]
    public void Write_AnyPicture_IsReadAsTheSamePixels(int width, int height)
    {
        RgbImage image = PlantedImage.Create(width, height);

        RgbImage read = new ImageDecoder(new MediaLimits()).Decode(PngWriter.Write(image));

        Assert.Equal((width, height), (read.Width, read.Height));
        Assert.Equal(image.Pixels, read.Pixels);
    }
}
