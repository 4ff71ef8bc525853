namespace MultiVecRetrieval.Server.OpenAi;

/// <summary>What was wrong; every member is always there.</summary>
/// <param name="Message">A sentence for people, with the setting that drew the line where one did.</param>
/// <param name="Type">invalid_request_error, rate_limit_error or server_error.</param>
/// <param name="Param">The member of the request that is wrong; null when it is no single one.</param>
/// <param name="Code">The kind of error, for instance model_not_found; null for a request that is merely wrong.</param>
public sealed record OpenAiErrorDetail(string Message, string Type, string? Param, string? Code);
