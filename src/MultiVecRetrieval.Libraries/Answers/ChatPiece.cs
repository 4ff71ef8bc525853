namespace MultiVecRetrieval.Libraries.Answers;

/// <summary>What came of an answer.</summary>
/// <param name="Text">The next piece of its text; may be empty.</param>
/// <param name="FinishReason">Why the model stopped; null while it goes on.</param>
internal readonly record struct ChatPiece(string Text, string? FinishReason);
