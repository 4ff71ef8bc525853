using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

public sealed class PictureStripTests
{
    [Theory]
    [InlineData(600, 100)]
    [InlineData(100, 600)]
    [InlineData(1, 1)]
    public void Cut_UsualPicture_HasNoPieces(int width, int height) =>
        Assert.Empty(PictureStrip.Cut(PictureSource.Gradient(width, height)));

    [Theory]
    [InlineData(1000, 100)]
    [InlineData(100, 1000)]
    [InlineData(601, 100)]
    [InlineData(9, 1)]
    public void Cut_LongPicture_PiecesCoverItAndShowWhatTheirBoxesSay(int width, int height)
    {
        RgbImage image = PictureSource.Gradient(width, height);

        List<(RgbImage Image, Place Box)> pieces = [.. PictureStrip.Cut(image)];

        float covered = 0;
        foreach ((RgbImage piece, Place box) in pieces)
        {
            (int left, int top) = ((int)MathF.Round(box.Left * width), (int)MathF.Round(box.Top * height));
            Assert.Equal((piece.Width, piece.Height),
                ((int)MathF.Round(box.Right * width) - left, (int)MathF.Round(box.Bottom * height) - top));
            Assert.Equal(image.Pixels.AsSpan(((top * width) + left) * 3, 3), piece.Pixels.AsSpan(0, 3));
            (float from, float to) = width > height ? (box.Left, box.Right) : (box.Top, box.Bottom);
            Assert.InRange(from, 0, covered);
            covered = to;
        }

        Assert.Equal(1, covered);
    }
}
