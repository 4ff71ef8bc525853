using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>What is to be encoded: exactly one of input and messages, as of /v1/embeddings.</summary>
public sealed record PoolingBody : ModelRequestBody
{
    /// <summary>As of /v1/embeddings.</summary>
    [JsonPropertyName("input")]
    public JsonElement? Input { get; init; }

    /// <summary>As of /v1/embeddings.</summary>
    [JsonPropertyName("messages")]
    public JsonElement? Messages { get; init; }

    /// <summary>token_embed for all rows, of a model that gives several; embed for one vector, of a model that gives one. Default: all
    /// rows.</summary>
    [JsonPropertyName("task")]
    public string? Task { get; init; }

    /// <summary>query or document (default).</summary>
    [JsonPropertyName("input_type")]
    public string? InputType { get; init; }

    /// <summary>float (default) or base64 (float32, little-endian, row after row).</summary>
    [JsonPropertyName("encoding_format")]
    public string? EncodingFormat { get; init; }

    /// <summary>As of /v1/embeddings.</summary>
    [JsonPropertyName("dimensions")]
    public int? Dimensions { get; init; }
}
