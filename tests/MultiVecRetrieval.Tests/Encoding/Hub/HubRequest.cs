namespace MultiVecRetrieval.Tests.Encoding.Hub;

/// <summary>A request that the stand-in of a hub got.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Range">Its Range header; empty without one.</param>
/// <param name="Authorization">Its Authorization header; empty without one.</param>
internal sealed record HubRequest(string Path, string Range, string Authorization);
