using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media.Vips;

/// <summary>Pixels of a libvips image as 8-bit RGB.</summary>
internal static class VipsPixels
{
    /// <summary>libvips' number for 8-bit samples.</summary>
    public const int ByteFormat = 0;

    private const int UInt16Format = 2;
    private const int FloatFormat = 6;
    private const int CmykInterpretation = 15;
    private const int SrgbInterpretation = 22;

    // Lab, LabQ, LabS, XYZ and scRGB have a defined meaning in floating point; other floating-point samples have no known range.
    private static readonly int[] ColorimetricInterpretations = [12, 13, 16, 21, 28];

    /// <summary>Decodes all pixels.</summary>
    /// <exception cref="VipsFailure">The data is damaged or truncated.</exception>
    /// <exception cref="MediaException">Floating-point samples without a known range.</exception>
    public static RgbImage ReadRgb(VipsHandle image)
    {
        int interpretation = VipsNative.GetInterpretation(image.Pointer);
        int format = VipsNative.GetFormat(image.Pointer);
        int bands = VipsNative.GetBands(image.Pointer);
        if (interpretation == CmykInterpretation && bands >= 4)
        {
            return ReadCmyk(image, format);
        }

        if (format >= FloatFormat && !ColorimetricInterpretations.Contains(interpretation))
        {
            throw new MediaException("Pictures with floating-point samples are not supported.");
        }

        if (interpretation == SrgbInterpretation && format == ByteFormat && bands >= 3)
        {
            return ReadThreeBands(image, bands);
        }

        using VipsOperation convert = new VipsOperation("colourspace").Set("in", "VipsImage", image).Set("space", "srgb");
        using VipsHandle rgb = convert.BuildImage();
        return ReadThreeBands(rgb, VipsNative.GetBands(rgb.Pointer));
    }

    private static RgbImage ReadThreeBands(VipsHandle image, int bands)
    {
        (int width, int height) = (VipsNative.GetWidth(image.Pointer), VipsNative.GetHeight(image.Pointer));
        if (bands == 3)
        {
            return new RgbImage(width, height, ReadBytes(image, width, height, 3));
        }

        // Alpha is dropped, not composited: what a transparent pixel hides comes to light, as with Pillow's convert("RGB").
        using VipsOperation extract = new VipsOperation("extract_band").Set("in", "VipsImage", image).Set("band", 0).Set("n", 3);
        using VipsHandle colors = extract.BuildImage();
        return new RgbImage(width, height, ReadBytes(colors, width, height, 3));
    }

    // Without the ink's profile, as Pillow: R = (255 - C)(255 - K) / 255.
    private static RgbImage ReadCmyk(VipsHandle image, int format)
    {
        (int width, int height) = (VipsNative.GetWidth(image.Pointer), VipsNative.GetHeight(image.Pointer));
        if ((long)width * height * 4 > Array.MaxLength)
        {
            throw new MediaException($"The CMYK picture of {width} × {height} pixels does not fit in an array.");
        }

        using VipsOperation extract = new VipsOperation("extract_band").Set("in", "VipsImage", image).Set("band", 0).Set("n", 4);
        using VipsHandle inks = extract.BuildImage();
        using VipsOperation cast = new VipsOperation("cast")
            .Set("in", "VipsImage", inks).Set("format", "uchar").Set("shift", format == UInt16Format ? "true" : "false");
        using VipsHandle bytes = cast.BuildImage();
        byte[] cmyk = ReadBytes(bytes, width, height, 4);
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
    private static unsafe byte[] ReadBytes(VipsHandle image, int width, int height, int bands)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(width * height * bands);
        fixed (byte* start = pixels)
        {
            using VipsHandle target = new(VipsNative.WrapImage(start, (nuint)pixels.Length, width, height, bands, ByteFormat));
            if (VipsNative.WriteImage(image.Pointer, target.Pointer) != 0)
            {
                throw new VipsFailure();
            }
        }

        return pixels;
    }
}
