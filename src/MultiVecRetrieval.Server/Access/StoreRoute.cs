namespace MultiVecRetrieval.Server.Access;

/// <summary>Marks a route about one collection that its address calls <c>id</c>, so that keys for it may use it.</summary>
internal sealed class StoreRoute
{
    private const string RouteValue = "id";

    public static StoreRoute Marker { get; } = new();

    /// <summary>The collection that a request is about; null where it is about any.</summary>
    public static string? FindCollection(HttpContext context) => context.GetRouteValue("collection") as string
        ?? (context.GetEndpoint()?.Metadata.GetMetadata<StoreRoute>() is null ? null : context.GetRouteValue(RouteValue) as string);
}
