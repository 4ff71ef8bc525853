namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>A gray picture, 8 bits a pixel, row-major.</summary>
internal sealed record GrayPlane(int Width, int Height, byte[] Pixels)
{
    /// <summary>
    /// Luma by ITU-R BT.601 in 16-bit fixed point, as Pillow converts to "L": (19595 R + 38470 G + 7471 B + 32768) / 65536.
    /// Gray input comes out as it went in.
    /// </summary>
    public static GrayPlane From(RgbImage image)
    {
        byte[] gray = new byte[image.Width * image.Height];
        ReadOnlySpan<byte> rgb = image.Pixels;
        for (int i = 0; i < gray.Length; i++)
        {
            ReadOnlySpan<byte> pixel = rgb.Slice(i * 3, 3);
            gray[i] = (byte)(((pixel[0] * 19595) + (pixel[1] * 38470) + (pixel[2] * 7471) + 0x8000) >> 16);
        }

        return new GrayPlane(image.Width, image.Height, gray);
    }
}
