namespace MultiVecRetrieval.Cluster;

/// <summary>A copy of a collection in a store of objects.</summary>
/// <param name="Id">Its name; later ones sort behind earlier ones.</param>
/// <param name="Collection">The collection.</param>
/// <param name="CreatedAt">When the push began, to the second.</param>
public sealed record CopyInfo(string Id, string Collection, DateTimeOffset CreatedAt);
