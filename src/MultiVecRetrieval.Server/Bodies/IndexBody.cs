namespace MultiVecRetrieval.Server.Bodies;

/// <summary>Files of the server's machine to index.</summary>
public sealed record IndexBody
{
    /// <summary>Absolute paths of files or folders below <c>server:allowedRoots</c>.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Names of models; empty for those of the collection.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Globs of files to leave out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether documents whose files vanished are removed. Default false.</summary>
    public bool RemoveMissing { get; init; }
}
