namespace MultiVecRetrieval.Cluster;

/// <summary>A store has no such copy.</summary>
/// <param name="address">The store.</param>
/// <param name="collection">The collection.</param>
/// <param name="id">The copy; null for any.</param>
/// <param name="known">The copies of the collection that there are.</param>
public sealed class CopyNotFoundException(string address, string collection, string? id, IReadOnlyList<string> known)
    : InvalidOperationException(known.Count == 0
        ? $"{address} has no copy of '{collection}'."
        : $"{address} has no copy '{id}' of '{collection}'; it has {string.Join(", ", known)}.")
{
    /// <summary>The copies that there are.</summary>
    public IReadOnlyList<string> Known { get; } = known;
}
