namespace MultiVecRetrieval;

/// <summary>A collection cannot be created because its folder already holds one.</summary>
/// <param name="folder">The folder.</param>
public sealed class CollectionExistsException(string folder)
    : Exception($"There already is a collection at {folder}.")
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;
}
