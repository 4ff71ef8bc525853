using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>What is to be encoded, in the form of Cohere's second API: exactly one of texts, images and inputs. A member that is not known
/// is refused by its name.</summary>
public sealed record EmbedBody
{
    /// <summary>Name of the model, as /v1/models lists it.</summary>
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    /// <summary>A list of texts.</summary>
    [JsonPropertyName("texts")]
    public JsonElement? Texts { get; init; }

    /// <summary>A list of pictures: base64 or data URIs.</summary>
    [JsonPropertyName("images")]
    public JsonElement? Images { get; init; }

    /// <summary>A list of items {"content": [parts]}, as of /v1/embeddings.</summary>
    [JsonPropertyName("inputs")]
    public JsonElement? Inputs { get; init; }

    /// <summary>search_query, search_document (default) or image.</summary>
    [JsonPropertyName("input_type")]
    public string? InputType { get; init; }

    /// <summary>How vectors are written, each in a list of its own: float (default), base64, int8, binary, ubinary.</summary>
    [JsonPropertyName("embedding_types")]
    public IReadOnlyList<string>? EmbeddingTypes { get; init; }

    /// <summary>Leading values of a vector that are kept, of a model that says it can be shortened.</summary>
    [JsonPropertyName("output_dimension")]
    public int? OutputDimension { get; init; }

    /// <summary>END (default) to read the beginning of a text that is longer than the model reads, NONE to refuse it.</summary>
    [JsonPropertyName("truncate")]
    public string? Truncate { get; init; }

    /// <summary>Ignored.</summary>
    [JsonPropertyName("priority")]
    public JsonElement? Priority { get; init; }
}
