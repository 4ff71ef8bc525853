// The agreed public surface; each type moves to a file of its own when it is built.
#pragma warning disable CS1573, CS1574, CS1584, CS1658, CS1591, CA1711, CA1822, CA1024, CA1065, IDE0060, CA1720
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

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

/// <summary>Reads PDF files through poppler child processes with time and memory limits.</summary>
public sealed class PdfReader(MediaLimits limits)
{
    public MediaLimits Limits => limits;
    public PdfInformation ReadInformation(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>Renders one page (from 1) so that its longer side has <paramref name="longSide"/> pixels.</summary>
    public RgbImage RenderPage(string path, int page, int longSide, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>Renders pages first..last in order, as they come; a page that fails is a result with a problem, and the others go on.</summary>
    public IEnumerable<PageResult<RgbImage>> RenderPages(string path, int first, int last, int longSide, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>The text layer of pages first..last with word boxes; a page without text gives an empty layer.</summary>
    public IEnumerable<PageResult<PdfPageText>> ReadText(string path, int first, int last, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    /// <summary>OCR by tesseract of a rendered page; null when tesseract is not installed.</summary>
    public TextLayer? RecognizeText(RgbImage page, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

/// <summary>Reads videos through ffprobe and ffmpeg child processes, raw RGB over a pipe, protocols and formats on an allow-list.</summary>
public sealed class VideoReader(MediaLimits limits)
{
    public MediaLimits Limits => limits;
    /// <summary>Told, with the path, when a limit changed how a video is read; from the reading thread.</summary>
    public Action<string, string>? Notice { get; init; }
    public VideoInformation ReadInformation(string path, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    public IEnumerable<VideoFrame> ReadFrames(string path, FrameSampling sampling, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    public RgbImage ReadFrame(string path, double timeSeconds, int longSide, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}

public static class NativeParts
{
    public static IReadOnlyList<NativePart> Check() => throw new NotSupportedException(); // libvips, pdftoppm, pdftotext, ffmpeg, ffprobe, tesseract
}
