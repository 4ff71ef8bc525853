using Microsoft.AspNetCore.Http.HttpResults;
using MultiVecRetrieval.Server.Access;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Lets the page trade the key for a cookie, because pictures and videos cannot send headers.</summary>
internal static class SessionEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/session", Open)
            .WithName("openSession").WithSummary("Trades the key for a cookie of the page.").WithTags("session")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status401Unauthorized);
    }

    private static NoContent Open(SessionBody body, HttpContext context, AccessKeys keys)
    {
        if (!keys.AreNeeded)
        {
            return TypedResults.NoContent();
        }

        if (body.Key is null || keys.Find(body.Key) is null)
        {
            throw new RequestException(StatusCodes.Status401Unauthorized, "wrong-key",
                "This is not the key of the server.")
            { Parameter = "key" };
        }

        context.Response.Cookies.Append(AccessGuard.CookieName, keys.OpenSession(body.Key), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = "/",
            IsEssential = true,
        });
        return TypedResults.NoContent();
    }
}
