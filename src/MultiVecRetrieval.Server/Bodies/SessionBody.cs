namespace MultiVecRetrieval.Server.Bodies;

/// <summary>Opens a session of the page.</summary>
/// <param name="Key">The key of the server.</param>
public sealed record SessionBody(string? Key);
