namespace MultiVecRetrieval.Server.Access;

/// <summary>Marks a route that stays open for as long as its client wants.</summary>
internal sealed class StreamRoute
{
    public static StreamRoute Marker { get; } = new();
}
