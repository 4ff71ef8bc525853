namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>What is said in a video, in one language.</summary>
/// <param name="Text">The words, each with the time in which it is on show.</param>
/// <param name="Language">The language as the file is named by; null when it does not say.</param>
internal sealed record Subtitles(TextLayer Text, string? Language);
