namespace MultiVecRetrieval.Encoding.Remote;

/// <summary>What is sent to be encoded: a text or a picture.</summary>
/// <param name="Text">The text with its prompt; null for a picture.</param>
/// <param name="Picture">The picture as a PNG file in base64; null for a text.</param>
/// <param name="Task">The task; null for none.</param>
internal sealed record RemoteInput(string? Text, string? Picture, string? Task);
