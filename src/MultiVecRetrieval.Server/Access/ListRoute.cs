namespace MultiVecRetrieval.Server.Access;

/// <summary>Marks a route that lists collections, and only those that the key is for.</summary>
internal sealed class ListRoute
{
    public static ListRoute Marker { get; } = new();
}
