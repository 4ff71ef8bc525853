namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A picture of a source.</summary>
/// <param name="Number">Number of the source.</param>
/// <param name="Url">A data URI that holds it as JPEG.</param>
public sealed record AnswerPictureBody(int Number, string Url);
