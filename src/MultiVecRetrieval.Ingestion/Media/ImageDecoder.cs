using System.Runtime.InteropServices;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media.Vips;
using NetVips;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// Decodes pictures with libvips (BMP with a decoder of our own): EXIF orientation applied, transparent parts on white,
/// or on black where what is visible would vanish on white (<see cref="Vips.TransparentGround"/>), CMYK, 16-bit and palette
/// pictures converted. Thread-safe; a decode runs
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
    public RgbImage DecodeFile(string path) => DecodeFile(path, frame: 0, damage: null);

    /// <summary>Decodes one picture of a file that may hold several: a directory of a TIFF, a frame of an animation.</summary>
    /// <param name="path">A picture file.</param>
    /// <param name="frame">Which one, from 0.</param>
    /// <param name="damage">Told what is damaged in a picture whose pixels are all there.</param>
    /// <exception cref="MediaException">Not a picture, damaged or truncated, of an unsupported kind, or over a limit.</exception>
    internal RgbImage DecodeFile(string path, int frame, Action<string>? damage)
    {
        (string fullPath, _) = MediaFile.Check(path, limits);
        MediaFormat format = MediaSniffer.DetectFile(fullPath);
        if (format == MediaFormat.Bmp)
        {
            return BitmapDecoder.Decode(ReadAll(fullPath), limits);
        }

        try
        {
            return Call(Decoding(format), () => DecodeSource(format, () => Source.NewFromFile(fullPath), frame));
        }
        catch (MediaException error) when (error.Setting is null && IsMendable(format))
        {
            if (DamagedPicture.TryMend(format, ReadAll(fullPath), limits) is not { } mended
                || TryDecode(mended, format) is not { } image)
            {
                throw;
            }

            damage?.Invoke($"All pixels are there, but the file is damaged: {mended.Damage}.");
            return image;
        }
    }

    /// <summary>The number of pictures that libvips can read one after the other: frames, or directories.</summary>
    /// <exception cref="MediaException">Not a picture, or its header is damaged.</exception>
    internal int CountFrames(string path)
    {
        (string fullPath, _) = MediaFile.Check(path, limits);
        MediaFormat format = MediaSniffer.DetectFile(fullPath);
        if (format == MediaFormat.Bmp)
        {
            return 1;
        }

        return Call(Decoding(format), () =>
        {
            using Source source = Source.NewFromFile(fullPath);
            using Image image = Load(format, source);
            return image.Contains("n-pages") ? (int)image.Get("n-pages") : 1;
        });
    }

    // What surrounds the pixels is mended, and a warning then means that pixels are missing.
    private RgbImage? TryDecode(MendedPicture mended, MediaFormat format)
    {
        try
        {
            return Call(
                Decoding(format), () => DecodeSource(format, () => Source.NewFromMemory(mended.Bytes), failOn: Enums.FailOn.Warning));
        }
        catch (MediaException)
        {
            return null;
        }
    }

    /// <summary>Decodes a picture in memory; of an animation, the first frame.</summary>
    /// <exception cref="MediaException">Not a picture, damaged or truncated, of an unsupported kind, or over a limit.</exception>
    public RgbImage Decode(ReadOnlyMemory<byte> bytes)
    {
        CheckLength(bytes.Length);
        MediaFormat format = MediaSniffer.Detect(bytes.Span[..Math.Min(bytes.Length, MediaSniffer.HeadLength)]);
        if (format == MediaFormat.Bmp)
        {
            return BitmapDecoder.Decode(bytes.Span, limits);
        }

        // Wrapped where it can be, because libvips reads from a whole array.
        byte[] array = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment) && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();
        return Call(Decoding(format), () => DecodeSource(format, () => Source.NewFromMemory(array)));
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

        try
        {
            return Call(Decoding(format), () => ReadSize(format, Source.NewFromFile(fullPath)));
        }
        catch (MediaException) when (format == MediaFormat.Png)
        {
            if (DamagedPicture.TryMend(format, ReadAll(fullPath), limits) is not { } mended)
            {
                throw;
            }

            return Call(Decoding(format), () => ReadSize(format, Source.NewFromMemory(mended.Bytes)));
        }
    }

    private static (int Width, int Height) ReadSize(MediaFormat format, Source opened)
    {
        using Source source = opened;
        using Image image = Load(format, source);
        return PixelOrientation.SwapsSides(GetOrientation(image)) ? (image.Height, image.Width) : (image.Width, image.Height);
    }

    /// <summary>Encodes a JPEG no larger than <paramref name="longSide"/> on its longer side; smaller pictures keep their size.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="longSide">In [1, 65500] pixels.</param>
    /// <param name="quality">JPEG quality in [1, 100].</param>
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Performance", "CA1822", Justification = "Callers hold a decoder and call its methods alike.")]
    public byte[] EncodeJpeg(RgbImage image, int longSide, int quality = 80)
    {
        ArgumentNullException.ThrowIfNull(image);
        CheckEncoding(longSide, quality);
        return Call("The picture cannot be encoded", () => SaveJpeg(image, longSide, quality));
    }

    /// <summary>Encodes a PNG with transparency.</summary>
    /// <param name="pixels">[height × width × 4] bytes: red, green, blue, alpha.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <exception cref="ArgumentException">The pixels are of another size.</exception>
    public static byte[] EncodePng(byte[] pixels, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        if (width < 1 || height < 1 || pixels.Length != 4L * width * height)
        {
            throw new ArgumentException($"{pixels.Length} bytes are not {width} × {height} pixels of 4 bytes.", nameof(pixels));
        }

        return Call("The picture cannot be encoded", () => SavePng(pixels, width, height));
    }

    private static unsafe byte[] SavePng(byte[] values, int width, int height)
    {
        fixed (byte* pixels = values)
        {
            using Image image = Image.NewFromMemory(
                (nint)pixels, (ulong)values.Length, width, height, bands: 4, Enums.BandFormat.Uchar);
            using Image tagged = image.Copy(interpretation: Enums.Interpretation.Srgb);
            return tagged.PngsaveBuffer();
        }
    }

    private static unsafe byte[] SaveJpeg(RgbImage image, int longSide, int quality)
    {
        fixed (byte* pixels = image.Pixels)
        {
            using Image full = Image.NewFromMemory(
                (nint)pixels, (ulong)image.Pixels.Length, image.Width, image.Height, bands: 3, Enums.BandFormat.Uchar);
            using Image reduced = full.ThumbnailImage(longSide, longSide, Enums.Size.Down);
            return SaveJpeg(reduced, quality);
        }
    }

    /// <summary>
    /// Makes a JPEG of a picture file, no larger than <paramref name="longSide"/> on its longer side. Large pictures are
    /// reduced while they are decoded; transparent parts get a ground as in a decoded picture.
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

        try
        {
            return ReduceFile(fullPath, format, longSide, quality);
        }
        catch (MediaException error) when (error.Setting is null && IsMendable(format))
        {
            // A picture that is damaged and yet whole is decoded at its full size, or refused with the same words.
            return EncodeJpeg(DecodeFile(fullPath), longSide, quality);
        }
    }

    private byte[] ReduceFile(string fullPath, MediaFormat format, int longSide, int quality)
    {
        return Call(Decoding(format), () =>
        {
            using (Source header = Source.NewFromFile(fullPath))
            {
                using Image image = Load(format, header);
                CheckPixels(image.Width, image.Height, limits);
            }

            using Source source = Source.NewFromFile(fullPath);
            using Image reduced = Image.ThumbnailSource(
                source, longSide, height: longSide, size: Enums.Size.Down, failOn: Enums.FailOn.Error);
            return reduced.HasAlpha() ? SaveJpeg(VipsPixels.ReadRgb(reduced), longSide, quality) : SaveJpeg(reduced, quality);
        });
    }

    private static void CheckEncoding(int longSide, int quality)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longSide, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longSide, 65500);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
    }

    private static byte[] SaveJpeg(Image image, int quality) =>
        image.JpegsaveBuffer(q: quality, keep: Enums.ForeignKeep.None, background: [255, 255, 255]);

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
    private static Image Load(MediaFormat format, Source source, int frame = 0, Enums.FailOn failOn = Enums.FailOn.Error)
    {
        VOption options = new() { { "access", Enums.Access.Sequential }, { "fail_on", failOn } };
        if (frame > 0)
        {
            options.Add("page", frame);
        }

        return (Image)Operation.Call(GetLoader(format), options, source);
    }

    private static int GetOrientation(Image image) => image.Contains("orientation") ? (int)image.Get("orientation") : 1;

    private static bool IsMendable(MediaFormat format) => format is MediaFormat.Jpeg or MediaFormat.Png;

    private static string Decoding(MediaFormat format) => $"The {format} picture cannot be decoded";

    private static T Call<T>(string failure, Func<T> call)
    {
        _ = VipsLibrary.Version;
        Gate.EnterReadLock();
        try
        {
            return call();
        }
        catch (VipsException)
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
            VipsLibrary.ClearErrors();
            return call();
        }
        catch (VipsException error)
        {
            // libpng is silent about a header that ends early.
            string message = VipsLibrary.WordsOf(error);
            throw new MediaException($"{failure}: {(message.Length > 0 ? message : "its data is damaged or truncated")}.");
        }
        finally
        {
            Gate.ExitWriteLock();
        }
    }

    private RgbImage DecodeSource(
        MediaFormat format, Func<Source> open, int frame = 0, Enums.FailOn failOn = Enums.FailOn.Error)
    {
        using Source source = open();
        using Image image = Load(format, source, frame, failOn);
        CheckPixels(image.Width, image.Height, limits);
        return PixelOrientation.Apply(VipsPixels.ReadRgb(image), GetOrientation(image));
    }

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
