using MultiVecRetrieval.Encoding;
using NetVips;

namespace MultiVecRetrieval.Ingestion.Media.Vips;

/// <summary>Pixels of a libvips image as 8-bit RGB.</summary>
internal static class VipsPixels
{
    // These have a defined meaning in floating point; other floating-point samples have no known range.
    private static readonly Enums.Interpretation[] Colorimetric =
    [
        Enums.Interpretation.Xyz, Enums.Interpretation.Lab, Enums.Interpretation.Labq, Enums.Interpretation.Labs,
        Enums.Interpretation.Scrgb,
    ];

    /// <summary>Decodes all pixels.</summary>
    /// <exception cref="VipsException">The data is damaged or truncated.</exception>
    /// <exception cref="MediaException">Floating-point samples without a known range.</exception>
    public static RgbImage ReadRgb(Image image)
    {
        if (image.Interpretation == Enums.Interpretation.Cmyk && image.Bands >= 4)
        {
            return ReadCmyk(image);
        }

        if (image.Format >= Enums.BandFormat.Float && !Colorimetric.Contains(image.Interpretation))
        {
            throw new MediaException("Pictures with floating-point samples are not supported.");
        }

        if (image is { Interpretation: Enums.Interpretation.Srgb, Format: Enums.BandFormat.Uchar, Bands: >= 3 })
        {
            return ReadThreeBands(image);
        }

        using Image rgb = image.Colourspace(Enums.Interpretation.Srgb);
        return ReadThreeBands(rgb);
    }

    private static RgbImage ReadThreeBands(Image image)
    {
        if (image.Bands == 3)
        {
            return new RgbImage(image.Width, image.Height, ReadBytes(image));
        }

        if ((long)image.Width * image.Height * 4 > Array.MaxLength)
        {
            throw new MediaException($"The picture of {image.Width} × {image.Height} pixels with transparency does not fit in an array.");
        }

        using Image colors = image.ExtractBand(0, 4);
        using Image bytes = colors.Cast(Enums.BandFormat.Uchar);
        return TransparentGround.Compose(image.Width, image.Height, ReadBytes(bytes));
    }

    // Without the ink's profile, as Pillow: R = (255 - C)(255 - K) / 255.
    private static RgbImage ReadCmyk(Image image)
    {
        (int width, int height) = (image.Width, image.Height);
        if ((long)width * height * 4 > Array.MaxLength)
        {
            throw new MediaException($"The CMYK picture of {width} × {height} pixels does not fit in an array.");
        }

        using Image inks = image.ExtractBand(0, 4);
        using Image bytes = inks.Cast(Enums.BandFormat.Uchar, shift: image.Format == Enums.BandFormat.Ushort);
        byte[] cmyk = ReadBytes(bytes);
        byte[] rgb = GC.AllocateUninitializedArray<byte>(width * height * 3);
        for (int i = 0, o = 0; o < rgb.Length; i += 4, o += 3)
        {
            int light = 255 - cmyk[i + 3];
            for (int c = 0; c < 3; c++)
            {
                rgb[o + c] = (byte)(light - DivideBy255(cmyk[i + c] * light));
            }
        }

        return new RgbImage(width, height, rgb);
    }

    // x / 255, rounded to nearest, for x in [0, 65025].
    private static int DivideBy255(int x) => (x + 128 + ((x + 128) >> 8)) >> 8;

    // libvips computes the pipeline straight into the array; nothing holds the pixels a second time.
    private static unsafe byte[] ReadBytes(Image image)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(image.Width * image.Height * image.Bands);
        fixed (byte* start = pixels)
        {
            using Image target = Image.NewFromMemory(
                (nint)start, (ulong)pixels.Length, image.Width, image.Height, image.Bands, Enums.BandFormat.Uchar);
            image.Write(target);
        }

        return pixels;
    }
}
