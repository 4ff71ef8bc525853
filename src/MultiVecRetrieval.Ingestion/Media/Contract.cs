// The agreed public surface; each type moves to a file of its own when it is built.
#pragma warning disable CS1573, CS1574, CS1584, CS1658, CS1591, CA1711, CA1822, CA1024, CA1065, IDE0060, CA1720
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

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
