using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>What is to be encoded: exactly one of input, inputs and messages.</summary>
public sealed record EmbeddingsBody : ModelRequestBody
{
    /// <summary>
    /// A text, or a list of texts and of objects: {"text"}, {"image": base64 or a data URI}, {"content": [parts]}, or a stored entry,
    /// {"id": its key, "collection"}. A part is {"type": "text", "text"}, {"type": "image_url", "image_url": a data URI or {"url"}},
    /// or {"type": "image_base64", "image_base64"}. Token ids are refused.
    /// </summary>
    [JsonPropertyName("input")]
    public JsonElement? Input { get; init; }

    /// <summary>The same, as Voyage's and Cohere's clients call it.</summary>
    [JsonPropertyName("inputs")]
    public JsonElement? Inputs { get; init; }

    /// <summary>One input as a chat, as vLLM's clients send pictures: [{"role", "content": text or parts}].</summary>
    [JsonPropertyName("messages")]
    public JsonElement? Messages { get; init; }

    /// <summary>float (default), base64 (float32, little-endian), int8, binary or ubinary.</summary>
    [JsonPropertyName("encoding_format")]
    public string? EncodingFormat { get; init; }

    /// <summary>The same, as Jina's clients call it.</summary>
    [JsonPropertyName("embedding_type")]
    public string? EmbeddingType { get; init; }

    /// <summary>The same, as Voyage's clients call it.</summary>
    [JsonPropertyName("output_dtype")]
    public string? OutputDtype { get; init; }

    /// <summary>The same, as Voyage's clients call it for pictures.</summary>
    [JsonPropertyName("output_encoding")]
    public string? OutputEncoding { get; init; }

    /// <summary>Leading values of a vector that are kept, of a model that says it can be shortened.</summary>
    [JsonPropertyName("dimensions")]
    public int? Dimensions { get; init; }

    /// <summary>The same, as Voyage's clients call it.</summary>
    [JsonPropertyName("output_dimension")]
    public int? OutputDimension { get; init; }

    /// <summary>query or document (default), search_query or search_document.</summary>
    [JsonPropertyName("input_type")]
    public string? InputType { get; init; }

    /// <summary>The same, as Jina's clients call it: retrieval.query or retrieval.passage.</summary>
    [JsonPropertyName("task")]
    public string? Task { get; init; }

    /// <summary>True for all rows of an input, in embeddings; needed of a model that gives several. Default false.</summary>
    [JsonPropertyName("return_multivector")]
    public bool? ReturnMultivector { get; init; }

    /// <summary>True for the box of each row of a picture; with return_multivector. Default false.</summary>
    [JsonPropertyName("return_places")]
    public bool? ReturnPlaces { get; init; }

    /// <summary>Vectors come as the model gives them, nearly always of length 1; false is refused.</summary>
    [JsonPropertyName("normalized")]
    public bool? Normalized { get; init; }

    /// <summary>Each input is encoded by itself; true is refused.</summary>
    [JsonPropertyName("late_chunking")]
    public bool? LateChunking { get; init; }
}
