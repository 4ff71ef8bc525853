namespace MultiVecRetrieval.Server;

/// <summary>A request that cannot be served as asked; becomes one problem+json answer.</summary>
/// <param name="status">HTTP status, 4xx.</param>
/// <param name="kind">Last part of the problem type, for instance <c>unknown-entry</c>.</param>
/// <param name="detail">A sentence for people, with what was expected and what came.</param>
internal sealed class RequestException(int status, string kind, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public string Kind { get; } = kind;

    /// <summary>The parameter or body member that is wrong.</summary>
    public string? Parameter { get; init; }

    /// <summary>The setting that drew the line.</summary>
    public string? Setting { get; init; }

    /// <summary>The value of that setting.</summary>
    public long? Limit { get; init; }

    public static RequestException Invalid(string parameter, string detail) =>
        new(StatusCodes.Status400BadRequest, "invalid-request", detail) { Parameter = parameter };

    public static RequestException OverLimit(string parameter, string setting, long limit, long actual) =>
        OverLimit(parameter, parameter, setting, limit, actual);

    /// <param name="subject">What is too large, in words.</param>
    /// <param name="parameter">The parameter that holds it.</param>
    /// <param name="setting">The setting that drew the line.</param>
    /// <param name="limit">Its value.</param>
    /// <param name="actual">What came.</param>
    public static RequestException OverLimit(string subject, string parameter, string setting, long limit, long actual) =>
        new(StatusCodes.Status400BadRequest, "over-limit", $"{subject} is {actual}; the most is {limit} (setting {setting}).")
        { Parameter = parameter, Setting = setting, Limit = limit };

    public static RequestException NotFound(string kind, string detail) => new(StatusCodes.Status404NotFound, kind, detail);
}
