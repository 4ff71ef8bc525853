namespace MultiVecRetrieval;

/// <summary>There is no collection in a folder.</summary>
/// <param name="folder">The folder.</param>
public sealed class CollectionNotFoundException(string folder)
    : Exception($"No collection at {folder}.")
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;
}
