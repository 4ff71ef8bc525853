namespace MultiVecRetrieval.Ingestion.Sidecars;

/// <summary>Subtitles beside a video.</summary>
/// <param name="Path">The file.</param>
/// <param name="Language">What stands between the name of the video and the ending, in lower case: <c>en</c>, <c>pt-br</c>; null for
/// nothing.</param>
internal sealed record SubtitleFile(string Path, string? Language);
