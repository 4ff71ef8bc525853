namespace MultiVecRetrieval;

/// <summary>Kept files whose documents get the same metadata.</summary>
public sealed class FileGroup
{
    /// <summary>The files.</summary>
    public required IReadOnlyList<StoredFile> Files { get; init; }

    /// <summary>Metadata of their documents; none where nothing is said.</summary>
    public IReadOnlyDictionary<string, MetadataValue> Metadata { get; init; } = new Dictionary<string, MetadataValue>();
}
