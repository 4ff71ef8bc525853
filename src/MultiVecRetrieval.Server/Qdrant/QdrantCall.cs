using System.Text.Json;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>A request.</summary>
/// <param name="Context">The request itself.</param>
/// <param name="Collection">The collection that the address names; empty where it names none.</param>
/// <param name="Body">The body, an object; an empty one where there is none.</param>
internal sealed record QdrantCall(HttpContext Context, string Collection, JsonElement Body)
{
    public Library Library { get; } = Context.RequestServices.GetRequiredService<Library>();

    public ServerOptions Options { get; } = Context.RequestServices.GetRequiredService<ServerOptions>();

    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>The points of the collection as they are now.</summary>
    public PointStore OpenPoints() => new(this);
}
