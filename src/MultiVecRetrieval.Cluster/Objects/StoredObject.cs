namespace MultiVecRetrieval.Cluster;

/// <summary>An object as a list has it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="SizeInBytes">Its bytes.</param>
/// <param name="ModifiedAt">When it was put, by the store's clock.</param>
public sealed record StoredObject(string Key, long SizeInBytes, DateTimeOffset ModifiedAt);
