using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Eval.Duplicates;

/// <summary>Something that happens to a picture without making it another one.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Apply">Makes the changed picture.</param>
internal sealed record PictureChange(string Name, Func<RgbImage, RgbImage> Apply)
{
    /// <summary>Smaller, recompressed, brighter, and cropped by a little.</summary>
    public static IReadOnlyList<PictureChange> All(ImageDecoder decoder)
    {
        return
        [
            Recompressed("half size", share: 0.5, quality: 90),
            Recompressed("quarter size", share: 0.25, quality: 90),
            Recompressed("JPEG quality 50", share: 1, quality: 50),
            Recompressed("JPEG quality 15", share: 1, quality: 15),
            Recompressed("half size, JPEG quality 30", share: 0.5, quality: 30),
            new PictureChange("brighter by 20 %", picture => MapPixels(picture, value => Math.Min(255, value * 1.2))),
            new PictureChange("2 % cropped on each side", picture => Crop(picture, 0.02)),
            new PictureChange("5 % cropped on each side", picture => Crop(picture, 0.05)),
        ];

        PictureChange Recompressed(string name, double share, int quality) => new(name, picture =>
        {
            int longSide = Math.Max(16, (int)(share * Math.Max(picture.Width, picture.Height)));
            return decoder.Decode(decoder.EncodeJpeg(picture, longSide, quality));
        });
    }

    /// <summary>The picture less the same share of its width and height on each side.</summary>
    internal static RgbImage Crop(RgbImage picture, double share)
    {
        int x = (int)(picture.Width * share);
        int y = (int)(picture.Height * share);
        return picture.Crop(x, y, picture.Width - (2 * x), picture.Height - (2 * y));
    }

    private static RgbImage MapPixels(RgbImage picture, Func<double, double> map) =>
        new(picture.Width, picture.Height, [.. picture.Pixels.Select(value => (byte)map(value))]);
}
