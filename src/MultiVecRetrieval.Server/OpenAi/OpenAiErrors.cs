using Microsoft.AspNetCore.Mvc;

namespace MultiVecRetrieval.Server.OpenAi;

/// <summary>Gives a problem the form that clients of OpenAI's API read.</summary>
internal static class OpenAiErrors
{
    /// <summary>Writes <paramref name="problem"/> as the answer.</summary>
    public static Task WriteAsync(HttpContext context, ProblemDetails problem, CancellationToken cancellationToken)
    {
        int status = StatusOf(problem);
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(
            From(problem, status), options: null, contentType: "application/json", cancellationToken);
    }

    // Those clients know 400 for everything that is wrong with a request.
    private static int StatusOf(ProblemDetails problem) => problem.Status switch
    {
        null => StatusCodes.Status500InternalServerError,
        StatusCodes.Status422UnprocessableEntity => StatusCodes.Status400BadRequest,
        { } status => status,
    };

    private static OpenAiErrorBody From(ProblemDetails problem, int status)
    {
        string kind = problem.Type?.StartsWith(ProblemMapping.TypePrefix, StringComparison.Ordinal) == true
            ? problem.Type[ProblemMapping.TypePrefix.Length..]
            : "invalid-request";
        string? code = kind switch
        {
            "invalid-request" or "invalid-json" => null,
            "key-needed" => "invalid_api_key",
            _ => kind.Replace('-', '_'),
        };
        string type = status switch
        {
            StatusCodes.Status429TooManyRequests => "rate_limit_error",
            >= 500 => "server_error",
            _ => "invalid_request_error",
        };
        return new OpenAiErrorBody(new OpenAiErrorDetail(
            problem.Detail ?? problem.Title ?? "The request failed.", type, NameOf(problem), code));
    }

    // Paths of JSON begin with "$."; members are called by their names.
    private static string? NameOf(ProblemDetails problem)
    {
        string? parameter = problem.Extensions.TryGetValue("parameter", out object? name) ? name as string : null;
        string? member = parameter?.StartsWith("$.", StringComparison.Ordinal) == true ? parameter[2..] : parameter;
        return member is null or "" or "$" ? null : member;
    }
}
