using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.Duplicates;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Eval.Photos;

/// <summary>What happens to a photograph on its way through the world, much more than a perceptual hash bears.</summary>
internal static class PhotoCopies
{
    /// <summary>Two crops, another light at half the size, and a mirrored grey copy.</summary>
    public static IReadOnlyList<PictureChange> All(ImageDecoder decoder) =>
    [
        new PictureChange("middle 60 %", picture => PictureChange.Crop(picture, 0.2)),
        new PictureChange("middle 30 %", picture => PictureChange.Crop(picture, 0.35)),
        new PictureChange("darker, redder, half size", picture => Smaller(decoder, Map(picture, (r, g, b) => (r * 0.9, g * 0.7, b * 0.6)))),
        new PictureChange("mirrored, grey", picture => Mirror(Map(picture, (r, g, b) => Grey((0.299 * r) + (0.587 * g) + (0.114 * b))))),
    ];

    private static (double, double, double) Grey(double value) => (value, value, value);

    private static RgbImage Smaller(ImageDecoder decoder, RgbImage picture) => decoder.Decode(
        decoder.EncodeJpeg(picture, Math.Max(16, Math.Max(picture.Width, picture.Height) / 2), quality: 75));

    private static RgbImage Map(RgbImage picture, Func<double, double, double, (double Red, double Green, double Blue)> map)
    {
        byte[] pixels = new byte[picture.Pixels.Length];
        for (int i = 0; i < pixels.Length; i += 3)
        {
            (double red, double green, double blue) = map(picture.Pixels[i], picture.Pixels[i + 1], picture.Pixels[i + 2]);
            (pixels[i], pixels[i + 1], pixels[i + 2]) = ((byte)red, (byte)green, (byte)blue);
        }

        return new RgbImage(picture.Width, picture.Height, pixels);
    }

    private static RgbImage Mirror(RgbImage picture)
    {
        byte[] pixels = new byte[picture.Pixels.Length];
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                int to = ((y * picture.Width) + x) * 3;
                picture.Pixels.AsSpan(((y * picture.Width) + picture.Width - 1 - x) * 3, 3).CopyTo(pixels.AsSpan(to));
            }
        }

        return new RgbImage(picture.Width, picture.Height, pixels);
    }
}
