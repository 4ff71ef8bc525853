namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>What a family puts around queries and pictures for one task.</summary>
/// <param name="Query">Text around a query; {} stands for it.</param>
/// <param name="Image">What a picture is put into; it holds the image token once.</param>
/// <param name="Video">What a video is put into; it holds the video token once. Null for a family that takes none.</param>
internal sealed record TaskPrompts(string Query, string Image, string? Video = null);
