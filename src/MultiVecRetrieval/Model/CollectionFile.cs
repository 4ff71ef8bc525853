namespace MultiVecRetrieval;

/// <summary>A file of a collection, as one generation has it.</summary>
/// <param name="Name">Path within the collection's folder, parts joined by '/'.</param>
/// <param name="Content">Its bytes; can be sought.</param>
public sealed record CollectionFile(string Name, Stream Content);
