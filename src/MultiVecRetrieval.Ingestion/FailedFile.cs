namespace MultiVecRetrieval;

/// <summary>A file that could not be indexed, or not wholly.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Setting">The limit or setting that decided, when there is one: <c>media:maxPages</c>.</param>
public sealed record FailedFile(string Path, string Reason, string? Setting);
