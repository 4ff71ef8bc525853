using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media.Vips;

/// <summary>
/// Puts a picture with transparency on a ground, so that what is seen is what was drawn: white, or black where at least a quarter is
/// transparent and what is visible is so bright that it would vanish on white.
/// </summary>
/// <remarks>
/// A picture without one visible pixel is taken without its alpha: some writers leave the channel empty, and nothing else is in it.
/// </remarks>
internal static class TransparentGround
{
    private const int BrightLuma = 191;
    private const double MaxVisibleShare = 0.75;

    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="rgba">[height × width × 4] bytes, alpha last and not multiplied in.</param>
    public static RgbImage Compose(int width, int height, byte[] rgba)
    {
        (double visibleShare, double luma) = Measure(rgba);
        bool isVisible = visibleShare > 0;
        int ground = visibleShare <= MaxVisibleShare && luma > BrightLuma ? 0 : 255;
        byte[] rgb = GC.AllocateUninitializedArray<byte>(width * height * 3);
        for (int i = 0, o = 0; o < rgb.Length; i += 4, o += 3)
        {
            int alpha = isVisible ? rgba[i + 3] : 255;
            for (int c = 0; c < 3; c++)
            {
                rgb[o + c] = (byte)(((rgba[i + c] * alpha) + (ground * (255 - alpha)) + 127) / 255);
            }
        }

        return new RgbImage(width, height, rgb);
    }

    // How much of the picture is visible, and the mean luma (ITU-R BT.601) of that.
    private static (double VisibleShare, double Luma) Measure(byte[] rgba)
    {
        long alphas = 0;
        long lumas = 0;
        for (int i = 0; i < rgba.Length; i += 4)
        {
            int alpha = rgba[i + 3];
            alphas += alpha;
            lumas += alpha * (((299 * rgba[i]) + (587 * rgba[i + 1]) + (114 * rgba[i + 2])) / 1000);
        }

        return alphas == 0 ? (0, 0) : (alphas / (255.0 * (rgba.Length / 4)), (double)lumas / alphas);
    }
}
