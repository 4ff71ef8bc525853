namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>A file of a repository, as the hub lists it.</summary>
/// <param name="Path">Its path in the repository, with slashes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Digest">What its bytes must give.</param>
internal sealed record HubFile(string Path, long Size, FileDigest Digest);
