namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>What a family puts around queries and pictures for one task.</summary>
/// <param name="Query">Text around a query; {} stands for it.</param>
/// <param name="Image">What a picture is put into; it holds the image token once.</param>
internal sealed record TaskPrompts(string Query, string Image);
