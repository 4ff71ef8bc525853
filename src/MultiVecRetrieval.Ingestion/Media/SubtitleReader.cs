using MultiVecRetrieval.Ingestion.Sidecars;
using MultiVecRetrieval.Ingestion.Texts;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Finds what is said in a video: subtitle files beside it, one a language, else the first text track inside it.
/// Thread-safe.</summary>
/// <param name="limits">Bounds on size and text.</param>
/// <param name="videos">Reads tracks.</param>
internal sealed class SubtitleReader(MediaLimits limits, VideoReader videos)
{
    private const int MaxFileBytes = 16 << 20;

    /// <summary>The subtitles, a text a language; none when there are none.</summary>
    /// <exception cref="MediaException">There are some, and they cannot be read.</exception>
    public IReadOnlyList<Subtitles> Read(string path, CancellationToken cancellationToken)
    {
        IReadOnlyList<SubtitleFile> files = SidecarFiles.FindSubtitles(path);
        List<Subtitles> found = [];
        int length = 0;
        foreach (SubtitleFile file in files)
        {
            FileInfo info = new(file.Path);
            if (info.Length > MaxFileBytes)
            {
                throw new MediaException($"{info.Name} has {info.Length} bytes; subtitles have at most {MaxFileBytes}.");
            }

            TextLayer text = SubtitleParser.Parse(TextDecoder.Decode(File.ReadAllBytes(file.Path)), limits.MaxPageTextLength - length);
            length += text.Text.Length;
            found.Add(new Subtitles(text, file.Language));
        }

        if (files.Count == 0 && videos.ReadSubtitles(path, cancellationToken) is { } track)
        {
            found.Add(new Subtitles(SubtitleParser.Parse(track, limits.MaxPageTextLength), Language: null));
        }

        return [.. found.Where(subtitles => subtitles.Text.Words.Count > 0)];
    }
}
