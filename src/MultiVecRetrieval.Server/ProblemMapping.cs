using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Server.OpenAi;

namespace MultiVecRetrieval.Server;

/// <summary>The one place where exceptions become problem+json (RFC 9457).</summary>
internal sealed partial class ProblemMapping(ILogger<ProblemMapping> logger, ServerOptions options) : IExceptionHandler
{
    public const string TypePrefix = "urn:multivecretrieval:problem:";

    // What the framework finds wrong with a body while it is read has no type of its own: it is known by where it comes from.
    private const string FormAssembly = "Microsoft.AspNetCore.WebUtilities";
    private const string JsonAssembly = "Microsoft.AspNetCore.Http.Extensions";
    private const string NoJson = "Unable to read the request as JSON";

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (IsAbandoned(exception, context))
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        await WriteAsync(context, DescribeLogged(exception, context), cancellationToken);
        return true;
    }

    /// <summary>True when the client went away, which is no failure of anybody.</summary>
    public static bool IsAbandoned(Exception exception, HttpContext context) => exception is ConnectionResetException
        || (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested);

    /// <summary>The same as <see cref="Describe"/>; what is no fault of the request is logged.</summary>
    public ProblemDetails DescribeLogged(Exception exception, HttpContext context)
    {
        ProblemDetails problem = Describe(exception, context);
        if (problem.Status >= 500)
        {
            logger.LogError(exception, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
        }

        return problem;
    }

    /// <summary>Writes <paramref name="problem"/> as the answer, in the form that the clients of its route read.</summary>
    public static Task WriteAsync(HttpContext context, ProblemDetails problem, CancellationToken cancellationToken = default)
    {
        if (OpenAiRoute.IsAt(context))
        {
            return OpenAiErrors.WriteAsync(context, problem, cancellationToken);
        }

        problem.Instance ??= context.Request.Path;
        context.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        return context.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", cancellationToken);
    }

    /// <summary>Describes an answer that the framework gave by its status alone.</summary>
    public static ProblemDetails OfStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => TooLarge(context, context.RequestServices.GetRequiredService<ServerOptions>()),
        StatusCodes.Status415UnsupportedMediaType => UnsupportedType(context),
        int status => Create(status, "no-such-route",
            $"{context.Request.Method} {context.Request.Path} is not served here; /openapi/v1.json lists what is."),
    };

    /// <summary>A problem of one kind with its title taken from the status.</summary>
    public static ProblemDetails Create(int status, string kind, string detail, string? setting = null, long? limit = null,
        string? parameter = null)
    {
        ProblemDetails problem = new()
        {
            Type = TypePrefix + kind,
            Title = char.ToUpperInvariant(kind[0]) + kind[1..].Replace('-', ' '),
            Status = status,
            Detail = detail,
        };
        Add("parameter", parameter);
        Add("setting", setting);
        Add("limit", limit);
        return problem;

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                problem.Extensions[name] = value;
            }
        }
    }

    /// <summary>What an exception says to who asked.</summary>
    public ProblemDetails Describe(Exception exception, HttpContext context) => exception switch
    {
        RequestException e => Create(e.Status, e.Kind, e.Message, e.Setting, e.Limit, e.Parameter),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(context, options),
        BadHttpRequestException e when Unbound().Match(e.Message) is { Success: true } unbound => Unreadable(unbound),
        BadHttpRequestException e
            => e.InnerException is JsonException inner
                ? Create(e.StatusCode, "invalid-request", Explain(inner), parameter: inner.Path)
                : Create(e.StatusCode, "invalid-request", e.Message),
        IOException { Source: FormAssembly } => Create(400, "invalid-request", "The multipart body ends in the middle of a part."),
        InvalidOperationException { Source: JsonAssembly } e when e.Message.StartsWith(NoJson, StringComparison.Ordinal)
            => UnsupportedType(context),
        JsonException e => Create(400, "invalid-json", Explain(e), parameter: e.Path),
        CollectionNotFoundException => Create(404, "unknown-collection",
            $"There is no collection '{Failed(context)?.RouteValues?["collection"] ?? context.Request.RouteValues["collection"] ?? "that the request names"}'. Create it with PUT /v1/collections/NAME or index files into it."),
        FilterSyntaxException e => Create(400, "invalid-request", e.Message, parameter: "filter"),
        RowOrderException e => Create(400, "invalid-request", e.Message, "reduction", parameter: "rowLimit"),
        SearchOptionException e => Create(400, "invalid-request", e.Message, parameter: e.Parameter),
        CollectionExistsException e => Create(409, "collection-exists", e.Message),
        CollectionLockedException e => Create(409, "collection-locked",
            $"{(e.Owner is { } owner ? $"{owner.Command} (process {owner.ProcessId})" : "Another process")} is writing this collection. Searching goes on; try the change again when it is done."),
        InvalidSettingException e => Create(400, "invalid-request", e.Message, e.Setting),
        ClientVectorsException e => Create(409, "client-vectors",
            $"{e.Message} POST /v1/collections/{e.Collection}/records and PUT /collections/{e.Collection}/points store vectors."),
        SpaceStateException e => Create(409, "space-state", e.Message, parameter: "space"),
        ModelMismatchException e => Create(409, "model-mismatch", e.Message),
        ModelFormatException e => Create(422, "unusable-model", e.Message),
        RemoteRerankerException e => Create(502, "reranker-failed", $"The reranker gave no scores: {e.Reason}"),
        RerankTimeoutException e => Create(504, "rerank-timeout", e.Message, parameter: "rerank"),
        RemoteEncoderException e => Create(502, "encoder-failed", $"The encoder of a space gave no vectors: {e.Reason}"),
        AnswerEndpointException e => Create(502, "answer-failed", $"The model that answers gave no answer: {e.Reason}"),
        ModelNotFoundException e => Create(422, "unusable-model", e.Notice),
        InvalidInputException { IsTooLong: true } e => Create(400, "context-length-exceeded", e.Message, parameter: e.Parameter),
        InvalidInputException e => Create(400, "invalid-request", e.Message, parameter: e.Parameter),
        InvalidQueryException e => Create(400, "invalid-request", e.Message, parameter: e.Parameter),
        UnknownSpaceException e => Create(400, "invalid-request", e.Message, parameter: "space"),
        DimensionMismatchException e => Create(400, "invalid-request", e.Message, parameter: "rows"),
        EntryNotFoundException e => Create(404, "unknown-entry", e.Message, parameter: "key"),
        SnapshotGoneException e => Create(410, "snapshot-gone", e.Message, parameter: "snapshot"),
        SourceMissingException e => Create(410, "file-gone", e.Message),
        MediaException e => Create(422, "unusable-media", e.Message, e.Setting),
        UnsupportedFormatException e => Create(500, "unsupported-format", e.Message),
        CorruptSegmentException e => Create(500, "corrupt-collection", e.Message),
        CatalogException e => Create(500, "catalog-failed", e.Message),
        _ => Create(500, "unexpected", "The server failed in a way it did not foresee; its log has the details."),
    };

    private static ProblemDetails UnsupportedType(HttpContext context) => Create(
        StatusCodes.Status415UnsupportedMediaType, "unsupported-content-type",
        $"The body is '{context.Request.ContentType}', which is not taken here; most routes take application/json.");

    private static ProblemDetails TooLarge(HttpContext context, ServerOptions options)
    {
        bool isUpload = (context.GetEndpoint() ?? Failed(context)?.Endpoint)?.Metadata.GetMetadata<UploadLimit>() is not null;
        (string setting, long limit) = isUpload
            ? ("server:maxUploadBytes", options.MaxUploadBytes)
            : ("server:maxRequestBytes", options.MaxRequestBytes);
        return Create(413, "over-limit", $"The request is larger than {limit} bytes (setting {setting}).", setting, limit);
    }

    // The framework names the property that it could not fill, and its type; the request knows it by its name in the address.
    private static ProblemDetails Unreadable(Match unbound)
    {
        string name = JsonNamingPolicy.CamelCase.ConvertName(unbound.Groups["name"].Value);
        string kind = unbound.Groups["type"].Value switch
        {
            string type when type.Contains("int", StringComparison.OrdinalIgnoreCase) || type.Contains("long", StringComparison.Ordinal)
                => "a whole number",
            string type when type.Contains("double", StringComparison.OrdinalIgnoreCase) => "a number",
            string type when type.Contains("bool", StringComparison.OrdinalIgnoreCase) => "true or false",
            _ => "of another kind",
        };
        return Create(400, "invalid-request", $"{name} is '{unbound.Groups["value"].Value}'; it must be {kind}.", parameter: name);
    }

    // The handler clears route and endpoint of the request before it comes here; what they were is kept beside the exception.
    private static IExceptionHandlerFeature? Failed(HttpContext context) => context.Features.Get<IExceptionHandlerFeature>();

    [GeneratedRegex("""^Failed to bind parameter "(?<type>.+) (?<name>\w+)" from "(?<value>.*)"\.$""",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unbound();

    // Types of the code say nothing to who wrote the request.
    [GeneratedRegex(@"could not be mapped to any \.NET member contained in type '[^']*'", RegexOptions.None,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypeName();

    [GeneratedRegex(@"could not be converted to \S+(?<!\.)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TargetType();

    private static string Explain(JsonException e) =>
        $"The body is not the JSON that was expected: {TargetType().Replace(TypeName().Replace(e.Message.Split(" Path:", 2)[0], "is not known here"), "is not of the kind that belongs here")}"
        + (e.LineNumber is null ? string.Empty : $" At {e.Path ?? "$"}, line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
}
