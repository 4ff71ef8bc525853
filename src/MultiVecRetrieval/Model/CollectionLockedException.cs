namespace MultiVecRetrieval;

/// <summary>Another writer holds the collection.</summary>
/// <param name="folder">The folder of the collection.</param>
public sealed class CollectionLockedException(string folder)
    : Exception($"The collection {folder} is being written by another process.")
{
    /// <summary>The folder of the collection.</summary>
    public string Folder { get; } = folder;
}
