using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Routing.Template;

namespace MultiVecRetrieval.Server.OpenAi;

/// <summary>Marks the routes that clients of OpenAI's API call: their errors have that API's form, and they need the key wherever they
/// lie.</summary>
internal sealed class OpenAiRoute
{
    private OpenAiRoute()
    {
    }

    /// <summary>The metadata to give a group of routes.</summary>
    public static OpenAiRoute Marker { get; } = new();

    /// <summary>True when <paramref name="endpoint"/> is such a route.</summary>
    public static bool IsOne(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<OpenAiRoute>() is not null;

    /// <summary>True when the request went to the address of such a route, also by a wrong method or with a body of a wrong type: for these
    /// the framework puts an endpoint of its own in place of the route.</summary>
    public static bool IsAt(HttpContext context)
    {
        // The handler of exceptions clears the endpoint of a request; what it was is kept beside the exception.
        Endpoint? endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return IsOne(endpoint) || (endpoint is not null and not RouteEndpoint
            && context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Any(route => IsOne(route) && Matches(route, context.Request.Path)));
    }

    private static bool Matches(RouteEndpoint route, PathString path) =>
        new TemplateMatcher(new RouteTemplate(route.RoutePattern), []).TryMatch(path, []);
}
