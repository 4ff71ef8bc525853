// The agreed public surface; each type moves to a file of its own when it is built.
#pragma warning disable CS1573, CS1574, CS1584, CS1658, CS1591, CA1711, CA1822, CA1024, CA1065, IDE0060, CA1720
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Bounds on what is decoded. Each message of a <see cref="MediaException"/> names the setting that refused.</summary>
public sealed record MediaLimits
{
    public long MaxFileBytes { get; init; } = 4L << 30;
    public long MaxImagePixels { get; init; } = 200_000_000;   // checked from the header
    public int MaxPages { get; init; } = 20_000;
    public int MaxFrames { get; init; } = 600;                  // frames kept per video
    public double MaxVideoSeconds { get; init; } = 24 * 3600;
    public TimeSpan PageTimeout { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan FileTimeout { get; init; } = TimeSpan.FromMinutes(30);
    public long MaxChildMemoryBytes { get; init; } = 2L << 30;
}

public enum MediaFormat { Unknown = 0, Jpeg, Png, WebP, Gif, Tiff, Bmp, Avif, Heif, Svg, Pdf, Mp4, Matroska, Avi, MpegTs, MpegPs, Ogg, Asf, Flv }

/// <summary>Finds a format from the first bytes of a file; never from its name.</summary>
public static class MediaSniffer
{
    public const int HeadLength = 4096;
    public static MediaFormat Detect(ReadOnlySpan<byte> head) => throw new NotSupportedException();
    public static MediaFormat DetectFile(string path) => throw new NotSupportedException();
    public static string GetContentType(MediaFormat format) => throw new NotSupportedException();
    public static MediaType? GetMediaType(MediaFormat format) => throw new NotSupportedException(); // null: not supported
}

/// <summary>A file that cannot be used: corrupt, unsupported, or over a limit.</summary>
public class MediaException : Exception
{
    public MediaException(string reason, string? setting = null, Exception? inner = null) : base(setting is null ? reason : $"{reason} (setting {setting})", inner)
    { Reason = reason; Setting = setting; }
    public string Reason { get; }
    public string? Setting { get; }                              // "media:maxImagePixels" ...
}

/// <summary>Decodes pictures with libvips: EXIF orientation applied, alpha dropped as the reference preprocessors do, CMYK/16-bit/palette converted.</summary>
public sealed class ImageDecoder(MediaLimits limits)
{
    public MediaLimits Limits => limits;
    public RgbImage DecodeFile(string path) => throw new NotSupportedException();
    public RgbImage Decode(ReadOnlyMemory<byte> bytes) => throw new NotSupportedException();
    public (int Width, int Height) ReadSize(string path) => throw new NotSupportedException();
    /// <summary>A JPEG no larger than <paramref name="longSide"/> on its longer side.</summary>
    public byte[] EncodeJpeg(RgbImage image, int longSide, int quality = 80) => throw new NotSupportedException();
    public byte[] CreateThumbnail(string path, int longSide, int quality = 80) => throw new NotSupportedException();
}

/// <summary>64-bit perceptual hash (DCT): near-duplicates differ in few bits.</summary>
public static class PerceptualHash
{
    public static ulong Compute(RgbImage image) => throw new NotSupportedException();
}

public sealed record PdfInformation(int PageCount, string? Title, bool IsEncrypted, IReadOnlyDictionary<string, string> Properties);
public sealed record PdfPageText(double WidthInPoints, double HeightInPoints, TextLayer Text);

/// <summary>Reads PDF files through poppler child processes with time and memory limits.</summary>
public sealed class PdfReader(MediaLimits limits)
{
    public MediaLimits Limits => limits;
    public PdfInformation ReadInformation(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>Renders one page (from 1) so that its longer side has <paramref name="longSide"/> pixels.</summary>
    public RgbImage RenderPage(string path, int page, int longSide, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>Renders pages first..last in one process, in order, as they come.</summary>
    public IEnumerable<(int Page, RgbImage Image)> RenderPages(string path, int first, int last, int longSide, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>The text layer of pages first..last with word boxes; a page without text gives an empty layer.</summary>
    public IEnumerable<(int Page, PdfPageText Text)> ReadText(string path, int first, int last, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>OCR by tesseract of a rendered page; null when tesseract is not installed.</summary>
    public TextLayer? RecognizeText(RgbImage page, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

public sealed record VideoInformation(int Width, int Height, double DurationSeconds, double FramesPerSecond, string Codec, string Container, int RotationDegrees);
public sealed record VideoFrame(RgbImage Image, double TimeSeconds, double StartSeconds, double EndSeconds);

public sealed record FrameSampling
{
    /// <summary>Frames per second looked at; 0 takes segment midpoints only (Frozen in Time).</summary>
    public double FramesPerSecond { get; init; } = 1;
    /// <summary>Midpoints of this many equal segments when <see cref="FramesPerSecond"/> is 0.</summary>
    public int SegmentCount { get; init; } = 8;
    public int LongSideInPixels { get; init; } = 1280;
    /// <summary>Neighbours whose perceptual hashes differ in at most this many bits are one frame with a joint span; 0 keeps all.</summary>
    public int DuplicateDistance { get; init; } = 4;
}

/// <summary>Reads videos through ffprobe and ffmpeg child processes, raw RGB over a pipe, protocols and formats on an allow-list.</summary>
public sealed class VideoReader(MediaLimits limits)
{
    public MediaLimits Limits => limits;
    public VideoInformation ReadInformation(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    public IEnumerable<VideoFrame> ReadFrames(string path, FrameSampling sampling, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    public RgbImage ReadFrame(string path, double timeSeconds, int longSide, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

/// <summary>A native part or external program, as `mvr doctor` prints it.</summary>
public sealed record NativePart(string Name, bool Works, string? Version, string? Location, string Purpose, string? Problem, bool IsRequired);

public static class NativeParts
{
    public static IReadOnlyList<NativePart> Check() => throw new NotSupportedException(); // libvips, pdftoppm, pdftotext, ffmpeg, ffprobe, tesseract
}
