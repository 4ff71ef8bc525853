using MultiVecRetrieval.Ingestion.Sidecars;
using MultiVecRetrieval.Ingestion.Texts;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Finds what is said in a video: a subtitle file beside it, else the first text track inside it. Thread-safe.</summary>
/// <param name="limits">Bounds on size and text.</param>
/// <param name="videos">Reads tracks.</param>
internal sealed class SubtitleReader(MediaLimits limits, VideoReader videos)
{
    private const int MaxFileBytes = 16 << 20;

    /// <summary>The subtitles; null when there are none.</summary>
    /// <exception cref="MediaException">There are some, and they cannot be read.</exception>
    public TextLayer? Read(string path, CancellationToken cancellationToken)
    {
        if (SidecarFiles.FindSubtitles(path) is { } file)
        {
            FileInfo info = new(file);
            return info.Length <= MaxFileBytes
                ? SubtitleParser.Parse(TextDecoder.Decode(File.ReadAllBytes(file)), limits.MaxPageTextLength)
                : throw new MediaException($"{info.Name} has {info.Length} bytes; subtitles have at most {MaxFileBytes}.");
        }

        return videos.ReadSubtitles(path, cancellationToken) is { } track ? SubtitleParser.Parse(track, limits.MaxPageTextLength) : null;
    }
}
