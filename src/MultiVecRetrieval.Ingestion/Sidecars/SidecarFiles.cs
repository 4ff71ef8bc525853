using MultiVecRetrieval.Ingestion.Indexing;

namespace MultiVecRetrieval.Ingestion.Sidecars;

/// <summary>
/// Finds files that belong to another: <c>photo.jpg.txt</c>, <c>photo.jpg.xmp</c>, <c>photo.txt</c> and <c>photo.xmp</c> beside a picture,
/// a video or a PDF, and <c>talk.srt</c>, <c>talk.en.vtt</c> beside a video. Remembers the folders that it looked into; not thread-safe.
/// </summary>
internal sealed class SidecarFiles
{
    /// <summary>A text beside a PDF that is longer than this, in bytes, is a document of its own: it was made of it, or is
    /// another.</summary>
    public const long MaxPdfNoteLength = 4096;

    private static readonly string[] Subtitles = [".srt", ".vtt"];
    private static readonly string[] Texts = [".txt", ".TXT", ".Txt"];
    private static readonly string[] Metadata = [".xmp", ".XMP", ".Xmp"];

    private readonly Dictionary<string, string[]> _folders = new(StringComparer.Ordinal);

    /// <summary>Files that nothing belongs to, for they are not read: what stands beside them is read by itself.</summary>
    public HashSet<string> Unread { get; } = new(StringComparer.Ordinal);

    /// <summary>The files that a file belongs to, by their absolute paths; none for most.</summary>
    public IReadOnlyList<string> FindOwners(string path)
    {
        string extension = Path.GetExtension(path);
        bool isText = Texts.Contains(extension);
        bool isSubtitle = Subtitles.Contains(extension.ToLowerInvariant());
        if (!isSubtitle && !isText && !Metadata.Contains(extension))
        {
            return [];
        }

        string folder = Path.GetDirectoryName(path) ?? "/";
        string stem = Path.GetFileNameWithoutExtension(path);
        return
        [
            .. List(folder).Where(name => isSubtitle
                    ? MediaNames.PromiseVideo(name) && IsNamed(stem, Path.GetFileNameWithoutExtension(name))
                    : MediaNames.PromiseMedia(name) && (stem == name || stem == Path.GetFileNameWithoutExtension(name)))
                .Select(name => Path.Combine(folder, name))
                .Where(owner => !Unread.Contains(owner))
                .Where(owner => !isText || !owner.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase) || IsNote(path)),
        ];
    }

    /// <summary>The texts that describe a document, those with its whole name first.</summary>
    public static IReadOnlyList<string> FindTexts(string owner) =>
        [.. Find(owner, Texts).Where(path => !owner.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase) || IsNote(path))];

    /// <summary>The XMP beside a document, that with its whole name first.</summary>
    public static IReadOnlyList<string> FindMetadata(string owner) => Find(owner, Metadata);

    /// <summary>The subtitles beside a video, one file a language: <c>talk.srt</c>, <c>talk.de.srt</c>, <c>talk.en.vtt</c>; that of no
    /// named language first, then by language.</summary>
    public static IReadOnlyList<SubtitleFile> FindSubtitles(string video)
    {
        string folder = Path.GetDirectoryName(video) ?? ".";
        string stem = Path.GetFileNameWithoutExtension(video);
        return
        [
            .. new DirectoryInfo(folder).EnumerateFiles()
                .Select(file => file.Name)
                .Where(name => Subtitles.Contains(Path.GetExtension(name).ToLowerInvariant())
                    && IsNamed(Path.GetFileNameWithoutExtension(name), stem))
                .Order(StringComparer.Ordinal)
                .Select(name => new SubtitleFile(Path.Combine(folder, name), LanguageOf(Path.GetFileNameWithoutExtension(name), stem)))
                .DistinctBy(file => file.Language)
                .OrderBy(file => file.Language, StringComparer.Ordinal),
        ];
    }

    /// <summary>True for a text that is short enough to be a note about a PDF.</summary>
    public static bool IsNote(string path) => new FileInfo(path) is not { Exists: true } file || file.Length <= MaxPdfNoteLength;

    private static IReadOnlyList<string> Find(string owner, string[] endings) =>
        [.. endings.Select(ending => owner + ending).Concat(endings.Select(ending => Path.ChangeExtension(owner, ending)))
            .Where(File.Exists)];

    private static string? LanguageOf(string stem, string video) =>
        stem.Length == video.Length ? null : stem[(video.Length + 1)..].ToLowerInvariant();

    private static bool IsNamed(string stem, string video) => stem == video
        || (stem.StartsWith(video + ".", StringComparison.Ordinal)
            && stem[(video.Length + 1)..] is { Length: >= 2 and <= 8 } language && language.All(c => char.IsAsciiLetter(c) || c == '-'));

    private string[] List(string folder)
    {
        if (!_folders.TryGetValue(folder, out string[]? names))
        {
            try
            {
                names = [.. new DirectoryInfo(folder).EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The walk says so; here nothing belongs to anything.
                names = [];
            }

            _folders.Add(folder, names);
        }

        return names;
    }
}
