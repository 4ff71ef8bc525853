using System.Text;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Finds what is said in a video: a subtitle file beside it, else the first text track inside it. Thread-safe.</summary>
/// <param name="limits">Bounds on size and text.</param>
/// <param name="videos">Reads tracks.</param>
internal sealed class SubtitleReader(MediaLimits limits, VideoReader videos)
{
    private const int MaxFileBytes = 16 << 20;
    private static readonly string[] Endings = [".srt", ".vtt"];

    /// <summary>The subtitles; null when there are none.</summary>
    /// <exception cref="MediaException">There are some, and they cannot be read.</exception>
    public TextLayer? Read(string path, CancellationToken cancellationToken)
    {
        if (FindBeside(path) is { } file)
        {
            FileInfo info = new(file);
            return info.Length <= MaxFileBytes
                ? SubtitleParser.Parse(Decode(File.ReadAllBytes(file)), limits.MaxPageTextLength)
                : throw new MediaException($"{info.Name} has {info.Length} bytes; subtitles have at most {MaxFileBytes}.");
        }

        return videos.ReadSubtitles(path, cancellationToken) is { } track ? SubtitleParser.Parse(track, limits.MaxPageTextLength) : null;
    }

    // talk.srt, talk.en.srt: the shortest name first, which is the one without a language.
    private static string? FindBeside(string path)
    {
        string folder = Path.GetDirectoryName(path) ?? ".";
        string stem = Path.GetFileNameWithoutExtension(path);
        return new DirectoryInfo(folder).EnumerateFiles()
            .Select(file => file.Name)
            .Where(name => Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
                && (Path.GetFileNameWithoutExtension(name) == stem || IsLanguageOf(name, stem)))
            .OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal)
            .Select(name => Path.Combine(folder, name))
            .FirstOrDefault();
    }

    private static bool IsLanguageOf(string name, string stem) =>
        name.StartsWith(stem + ".", StringComparison.Ordinal)
        && Path.GetFileNameWithoutExtension(name)[(stem.Length + 1)..] is { Length: >= 2 and <= 8 } language
        && language.All(c => char.IsAsciiLetter(c) || c == '-');

    // Old files are in the code page of their country; Latin letters without accents come out right in any.
    private static string Decode(byte[] bytes)
    {
        using StreamReader reader = new(new MemoryStream(bytes), new UTF8Encoding(false, throwOnInvalidBytes: true));
        try
        {
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            return System.Text.Encoding.Latin1.GetString(bytes);
        }
    }
}
