using Microsoft.AspNetCore.Http.HttpResults;
using MultiVecRetrieval.Server.Access;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Whether the process lives, and whether it can serve.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => TypedResults.Text("ok")).DisableHttpMetrics().WithMetadata(new OpenAccess())
            .WithName("getHealth").WithSummary("Whether the process lives. Touches neither disk nor model.").WithTags("health");
        routes.MapGet("/readyz", Ready).DisableHttpMetrics().WithMetadata(new OpenAccess())
            .WithName("getReadiness").WithSummary("Whether every collection opens; 503 with the reasons when one does not.")
                .WithTags("health")
            .Produces<ReadinessBody>().Produces<ReadinessBody>(StatusCodes.Status503ServiceUnavailable);
    }

    private static JsonHttpResult<ReadinessBody> Ready(Library library)
    {
        List<string> problems = [];
        foreach (string name in library.ListCollections())
        {
            if (library.TryGetCollection(name, out string? problem) is null)
            {
                problems.Add($"{name}: {problem}");
            }
        }

        int status = problems.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return TypedResults.Json(new ReadinessBody(problems.Count == 0, problems), statusCode: status);
    }

    /// <param name="IsReady">True when every collection can be searched.</param>
    /// <param name="Problems">One line for each collection that cannot.</param>
    internal sealed record ReadinessBody(bool IsReady, IReadOnlyList<string> Problems);
}
