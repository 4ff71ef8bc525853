namespace MultiVecRetrieval;

/// <summary>Files that were put into a collection together.</summary>
public sealed class FileBatch
{
    /// <summary>What names it: <c>vsfb_</c> and the id of its first job.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the collection.</summary>
    public required string Collection { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The files.</summary>
    public required IReadOnlyList<string> FileIds { get; init; }

    /// <summary>The jobs that read them; files of the same metadata are one job.</summary>
    public required IReadOnlyList<string> JobIds { get; init; }
}
