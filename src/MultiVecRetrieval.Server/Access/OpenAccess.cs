namespace MultiVecRetrieval.Server.Access;

/// <summary>Marks a route that never needs the key, because it holds no data.</summary>
internal sealed class OpenAccess;
