namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A piece of an answer that comes while it is written.</summary>
/// <param name="Text">The next piece of the text.</param>
public sealed record AnswerDeltaBody(string Text);
