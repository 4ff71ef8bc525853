namespace MultiVecRetrieval.Server.Access;

/// <summary>Marks a route that changes nothing although it is a POST, so that keys that only read may use it.</summary>
internal sealed class ReadRoute
{
    public static ReadRoute Marker { get; } = new();
}
