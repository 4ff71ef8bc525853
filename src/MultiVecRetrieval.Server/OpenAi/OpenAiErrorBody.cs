namespace MultiVecRetrieval.Server.OpenAi;

/// <summary>An error as clients of OpenAI's API read it.</summary>
/// <param name="Error">What was wrong.</param>
public sealed record OpenAiErrorBody(OpenAiErrorDetail Error);
