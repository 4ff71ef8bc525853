using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media.Vips;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// Decodes pictures with libvips (BMP with a decoder of our own): EXIF orientation applied, alpha dropped without
/// compositing as the reference preprocessors do, CMYK, 16-bit and palette pictures converted. Thread-safe; a decode runs
/// on the calling thread.
/// </summary>
/// <param name="limits">Bounds on bytes and pixels; pixels are read from the header, before anything is decoded.</param>
public sealed class ImageDecoder(MediaLimits limits)
{
    // libvips keeps the messages of all threads in one buffer. A failed call is repeated alone, so that its message is its own.
    private static readonly ReaderWriterLockSlim Gate = new();

    /// <summary>The bounds in force.</summary>
    public MediaLimits Limits => limits;

    /// <summary>Decodes a file; of an animation, the first frame.</summary>
    /// <exception cref="MediaException">Not a picture, damaged or truncated, of an unsupported kind, or over a limit.</exception>
    public RgbImage DecodeFile(string path)
    {
        (string fullPath, _) = MediaFile.Check(path, limits);
        MediaFormat format = MediaSniffer.DetectFile(fullPath);
        return format == MediaFormat.Bmp
            ? BitmapDecoder.Decode(ReadAll(fullPath), limits)
            : Call(Decoding(format), () => DecodeSource(format, () => VipsNative.OpenSource(fullPath)));
    }

    /// <summary>Decodes a picture in memory; of an animation, the first frame.</summary>
    /// <exception cref="MediaException">Not a picture, damaged or truncated, of an unsupported kind, or over a limit.</exception>
    public unsafe RgbImage Decode(ReadOnlyMemory<byte> bytes)
    {
        CheckLength(bytes.Length);
        MediaFormat format = MediaSniffer.Detect(bytes.Span[..Math.Min(bytes.Length, MediaSniffer.HeadLength)]);
        if (format == MediaFormat.Bmp)
        {
            return BitmapDecoder.Decode(bytes.Span, limits);
        }

        using System.Buffers.MemoryHandle pin = bytes.Pin();
        nint start = (nint)pin.Pointer;
        return Call(Decoding(format), () => DecodeSource(format, () => VipsNative.WrapSource((byte*)start, (nuint)bytes.Length)));
    }

    /// <summary>Reads width and height from the header, as they are after the orientation is applied.</summary>
    /// <exception cref="MediaException">Not a picture, or its header is damaged.</exception>
    public (int Width, int Height) ReadSize(string path)
    {
        (string fullPath, _) = MediaFile.Check(path, limits);
        MediaFormat format = MediaSniffer.DetectFile(fullPath);
        if (format == MediaFormat.Bmp)
        {
            return BitmapDecoder.ReadSize(ReadAll(fullPath));
        }

        return Call(Decoding(format), () =>
        {
            using VipsHandle source = new(VipsNative.OpenSource(fullPath));
            using VipsHandle image = Load(format, source);
            (int width, int height) = (VipsNative.GetWidth(image.Pointer), VipsNative.GetHeight(image.Pointer));
            return PixelOrientation.SwapsSides(VipsNative.GetOrientation(image.Pointer)) ? (height, width) : (width, height);
        });
    }

    /// <summary>Encodes a JPEG no larger than <paramref name="longSide"/> on its longer side; smaller pictures keep their size.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="longSide">In [1, 65500] pixels.</param>
    /// <param name="quality">JPEG quality in [1, 100].</param>
    public unsafe byte[] EncodeJpeg(RgbImage image, int longSide, int quality = 80)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckEncoding(longSide, quality);
        return Call("The picture cannot be encoded", () =>
        {
            fixed (byte* pixels = image.Pixels)
            {
                using VipsHandle full = new(VipsNative.WrapImage(
                    pixels, (nuint)image.Pixels.Length, image.Width, image.Height, bands: 3, VipsPixels.ByteFormat));
                using VipsOperation resize = new VipsOperation("thumbnail_image")
                    .Set("in", "VipsImage", full).Set("width", longSide).Set("height", longSide).Set("size", "down");
                using VipsHandle reduced = resize.BuildImage();
                return SaveJpeg(reduced, quality);
            }
        });
    }

    /// <summary>
    /// Makes a JPEG of a picture file, no larger than <paramref name="longSide"/> on its longer side. Large pictures are
    /// reduced while they are decoded; transparent parts become white.
    /// </summary>
    /// <param name="path">A picture file.</param>
    /// <param name="longSide">In [1, 65500] pixels.</param>
    /// <param name="quality">JPEG quality in [1, 100].</param>
    /// <exception cref="MediaException">Not a picture, damaged or truncated, or over a limit.</exception>
    public byte[] CreateThumbnail(string path, int longSide, int quality = 80)
    {
        CheckEncoding(longSide, quality);
        (string fullPath, _) = MediaFile.Check(path, limits);
        MediaFormat format = MediaSniffer.DetectFile(fullPath);
        if (format == MediaFormat.Bmp)
        {
            return EncodeJpeg(DecodeFile(fullPath), longSide, quality);
        }

        return Call(Decoding(format), () =>
        {
            using (VipsHandle header = new(VipsNative.OpenSource(fullPath)))
            {
                using VipsHandle image = Load(format, header);
                CheckPixels(image);
            }

            using VipsHandle source = new(VipsNative.OpenSource(fullPath));
            using VipsOperation thumbnail = new VipsOperation("thumbnail_source")
                .Set("source", "VipsSource", source).Set("width", longSide).Set("height", longSide).Set("size", "down")
                    .Set("fail-on", "error");
            using VipsHandle reduced = thumbnail.BuildImage();
            return SaveJpeg(reduced, quality);
        });
    }

    private static void CheckEncoding(int longSide, int quality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longSide, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longSide, 65500);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
    }

    private static byte[] SaveJpeg(VipsHandle image, int quality)
    {
        using VipsOperation save = new VipsOperation("jpegsave_buffer")
            .Set("in", "VipsImage", image).Set("Q", quality).Set("keep", "none").Set("background", "255 255 255");
        return save.BuildBytes();
    }

    private static string GetLoader(MediaFormat format) => format switch
    {
        MediaFormat.Jpeg => "jpegload_source",
        MediaFormat.Png => "pngload_source",
        MediaFormat.WebP => "webpload_source",
        MediaFormat.Gif => "gifload_source",
        MediaFormat.Tiff => "tiffload_source",
        MediaFormat.Avif => "heifload_source",
        MediaFormat.Heif => throw new MediaException("HEIC pictures are not supported: the bundled libvips has no HEVC decoder."),
        MediaFormat.Svg => throw new MediaException("SVG drawings are not supported: they may refer to other files."),
        _ => throw new MediaException("The file is not a picture of a supported format (JPEG, PNG, WebP, GIF, TIFF, BMP, AVIF)."),
    };

    // Opens a picture: the header is read, pixels are not decoded before they are asked for.
    private static VipsHandle Load(MediaFormat format, VipsHandle source)
    {
        using VipsOperation load = new VipsOperation(GetLoader(format))
            .Set("source", "VipsSource", source).Set("access", "sequential").Set("fail-on", "error");
        return load.BuildImage();
    }

    private static string Decoding(MediaFormat format) => $"The {format} picture cannot be decoded";

    private static T Call<T>(string failure, Func<T> call)
    {
        _ = VipsLibrary.Version;
        Gate.EnterReadLock();
        try
        {
            return call();
        }
        catch (VipsFailure)
        {
            // Repeated below.
        }
        finally
        {
            Gate.ExitReadLock();
        }

        Gate.EnterWriteLock();
        try
        {
            VipsNative.ClearErrors();
            return call();
        }
        catch (VipsFailure)
        {
            // libpng is silent about a header that ends early.
            string message = VipsLibrary.TakeErrors();
            throw new MediaException($"{failure}: {(message.Length > 0 ? message : "its data is damaged or truncated")}.");
        }
        finally
        {
            Gate.ExitWriteLock();
        }
    }

    private RgbImage DecodeSource(MediaFormat format, Func<nint> open)
    {
        using VipsHandle source = new(open());
        using VipsHandle image = Load(format, source);
        CheckPixels(image);
        return PixelOrientation.Apply(VipsPixels.ReadRgb(image), VipsNative.GetOrientation(image.Pointer));
    }

    private void CheckPixels(VipsHandle image) =>
        CheckPixels(VipsNative.GetWidth(image.Pointer), VipsNative.GetHeight(image.Pointer), limits);

    /// <summary>Refuses a picture that its header says is too large.</summary>
    /// <exception cref="MediaException">More pixels than the limit, or than an array holds.</exception>
    internal static void CheckPixels(int width, int height, MediaLimits limits)
    {
        long pixels = (long)width * height;
        if (pixels > limits.MaxImagePixels)
        {
            throw new MediaException(
                $"The picture has {width} × {height} = {pixels} pixels; the limit is {limits.MaxImagePixels}.", "media:maxImagePixels");
        }

        if (pixels * 3 > Array.MaxLength)
        {
            throw new MediaException(
                $"The picture has {width} × {height} = {pixels} pixels; no array can hold more than {Array.MaxLength / 3}.");
        }
    }

    private void CheckLength(long length)
    {
        if (length == 0)
        {
            throw new MediaException("The file is empty.");
        }

        if (length > limits.MaxFileBytes)
        {
            throw new MediaException($"The file has {length} bytes; the limit is {limits.MaxFileBytes}.", "media:maxFileBytes");
        }
    }

    private static byte[] ReadAll(string path)
    {
        using FileStream file = MediaFile.Open(path);
        if (file.Length > Array.MaxLength)
        {
            throw new MediaException($"The bitmap has {file.Length} bytes; no more than {Array.MaxLength} can be read.");
        }

        byte[] bytes = new byte[file.Length];
        int count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return count == bytes.Length ? bytes : bytes[..count];
    }
}
