namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A model that is to take the place of another one.</summary>
/// <param name="Model">Its name, as GET /v1/models lists it. The model of a space that was kept takes that space again.</param>
/// <param name="AllowMissing">Whether to switch although the new space lacks entries that the old one has: files that are gone or fail.
/// Default false.</param>
public sealed record ReplaceModelBody(string Model, bool AllowMissing = false);
