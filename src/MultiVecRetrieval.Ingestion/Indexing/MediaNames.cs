namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// Tells names that promise a picture, a PDF or a video. What a file is, its content decides; its name decides only whether a content
/// that is none of them is damage or just not meant for indexing.
/// </summary>
internal static class MediaNames
{
    // Endings that other kinds of files have as well are not here: .ts and .mts are programs more often than videos.
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".dib", ".avif", ".pdf",
        ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".m2ts", ".mpg", ".mpeg", ".ogv", ".wmv", ".asf", ".flv", ".3gp",
    };

    private static readonly HashSet<string> VideoExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".m2ts", ".mts", ".ts", ".mpg", ".mpeg", ".ogv", ".wmv", ".asf", ".flv", ".3gp",
    };

    /// <summary>True when a file of this name is expected to be of a type that is read.</summary>
    public static bool PromiseMedia(string path) => Extensions.Contains(Path.GetExtension(path));

    /// <summary>True for a name that videos have, though other files may have it too.</summary>
    public static bool PromiseVideo(string path) => VideoExtensions.Contains(Path.GetExtension(path));
}
