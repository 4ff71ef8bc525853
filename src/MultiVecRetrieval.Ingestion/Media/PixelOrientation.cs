using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Turns pictures upright after the EXIF orientation tag (TIFF 6.0, tag 274).</summary>
internal static class PixelOrientation
{
    /// <summary>True for orientations 5 to 8, where width and height change places.</summary>
    public static bool SwapsSides(int orientation) => orientation is >= 5 and <= 8;

    /// <summary>Returns the upright picture; orientations outside [2, 8] change nothing.</summary>
    public static RgbImage Apply(RgbImage image, int orientation)
    {
        if (orientation is < 2 or > 8)
        {
            return image;
        }

        (int width, int height) = SwapsSides(orientation) ? (image.Height, image.Width) : (image.Width, image.Height);
        byte[] source = image.Pixels;
        byte[] target = GC.AllocateUninitializedArray<byte>(source.Length);
        for (int y = 0, o = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, o += 3)
            {
                int i = SourceIndex(image, orientation, x, y) * 3;
                target[o] = source[i];
                target[o + 1] = source[i + 1];
                target[o + 2] = source[i + 2];
            }
        }

        return new RgbImage(width, height, target);
    }

    // The stored pixel that the upright picture shows at (x, y).
    private static int SourceIndex(RgbImage image, int orientation, int x, int y)
    {
        int right = image.Width - 1;
        int bottom = image.Height - 1;
        (int sourceX, int sourceY) = orientation switch
        {
            2 => (right - x, y),
            3 => (right - x, bottom - y),
            4 => (x, bottom - y),
            5 => (y, x),
            6 => (y, bottom - x),
            7 => (right - y, bottom - x),
            _ => (right - y, x),
        };
        return (sourceY * image.Width) + sourceX;
    }
}
