namespace MultiVecRetrieval.Cluster;

/// <summary>A store has no object of that key.</summary>
/// <param name="address">The store.</param>
/// <param name="key">The key.</param>
public sealed class ObjectNotFoundException(string address, string key) : ObjectStoreException($"{address} has no object '{key}'.")
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;
}
