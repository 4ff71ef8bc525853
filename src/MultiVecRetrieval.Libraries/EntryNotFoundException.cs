namespace MultiVecRetrieval;

/// <summary>A collection has no entry or document of a key.</summary>
/// <param name="collection">Name of the collection.</param>
/// <param name="key">The key that was asked for.</param>
public sealed class EntryNotFoundException(string collection, string key)
    : Exception($"Collection '{collection}' has no entry or document '{key}'.")
{
    /// <summary>Name of the collection.</summary>
    public string Collection { get; } = collection;

    /// <summary>The key that was asked for.</summary>
    public string Key { get; } = key;
}
