using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>What every request to a model may say. A member that is not known is refused by its name.</summary>
public abstract record ModelRequestBody
{
    /// <summary>Name of the model, as /v1/models lists it.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    /// <summary>True to read the beginning of a text that is longer than the model reads, false to refuse it. Default: setting
    /// server:truncateInputs.</summary>
    [JsonPropertyName("truncate")]
    public bool? Truncate { get; init; }

    /// <summary>The same, as Voyage's clients call it.</summary>
    [JsonPropertyName("truncation")]
    public bool? Truncation { get; init; }

    /// <summary>The same, as vLLM's clients call it: -1 for true; other lengths are refused.</summary>
    [JsonPropertyName("truncate_prompt_tokens")]
    public int? TruncatePromptTokens { get; init; }

    /// <summary>Ignored.</summary>
    [JsonPropertyName("user")]
    public JsonElement? User { get; init; }

    /// <summary>Ignored.</summary>
    [JsonPropertyName("request_id")]
    public JsonElement? RequestId { get; init; }

    /// <summary>Ignored.</summary>
    [JsonPropertyName("priority")]
    public JsonElement? Priority { get; init; }

    internal bool Truncates(ServerOptions options)
    {
        if (TruncatePromptTokens is not null and not -1)
        {
            throw RequestException.Invalid("truncate_prompt_tokens",
                $"truncate_prompt_tokens is {TruncatePromptTokens}; only -1, all that the model reads, is known here.");
        }

        return Truncate ?? Truncation ?? (TruncatePromptTokens is not null || options.TruncateInputs);
    }
}
