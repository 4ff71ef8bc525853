using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>The envelope of every answer: <c>result</c>, <c>status</c> and <c>time</c>.</summary>
internal static class QdrantAnswer
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    /// <summary>Answers a request by what <paramref name="work"/> makes of its body.</summary>
    public static RequestDelegate Of(Func<QdrantCall, Task<object?>> work) => async context =>
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            string collection = context.Request.RouteValues["collection"] as string ?? "";
            if (collection.Length > 0)
            {
                Endpoints.Parameters.CheckCollectionName(collection);
            }

            using JsonDocument? body = await ReadAsync(context.Request);
            if (body is { RootElement.ValueKind: not JsonValueKind.Object })
            {
                throw RequestException.Invalid("$", $"The body is {QdrantJson.Show(body.RootElement)}; it must be an object.");
            }

            QdrantCall call = new(context, collection, body?.RootElement ?? Nothing);
            object? result = await work(call);
            await context.Response.WriteAsJsonAsync(
                new { result, status = "ok", time = Stopwatch.GetElapsedTime(start).TotalSeconds }, JsonSerializerOptions.Web,
                context.RequestAborted);
        }
        catch (Exception error) when (ProblemMapping.IsAbandoned(error, context))
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            ProblemDetails problem = context.RequestServices.GetRequiredService<ProblemMapping>().DescribeLogged(error, context);
            context.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsJsonAsync(
                new { status = new { error = problem.Detail }, time = Stopwatch.GetElapsedTime(start).TotalSeconds });
        }
    };

    private static async Task<JsonDocument?> ReadAsync(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsDelete(request.Method) || request.ContentLength == 0)
        {
            return null;
        }

        using MemoryStream bytes = new();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        return bytes.Length == 0 ? null : JsonTexts.Parse(bytes.ToArray());
    }
}
