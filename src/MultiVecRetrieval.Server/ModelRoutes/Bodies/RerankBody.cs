using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>Documents that are to be ordered by how well they answer a query.</summary>
public sealed record RerankBody : ModelRequestBody
{
    /// <summary>A text, or what an item of /v1/embeddings is: {"image"}, {"id", "collection"}.</summary>
    [JsonPropertyName("query")]
    public JsonElement? Query { get; init; }

    /// <summary>The documents, likewise.</summary>
    [JsonPropertyName("documents")]
    public JsonElement? Documents { get; init; }

    /// <summary>How many results, best first; 0 or nothing for all.</summary>
    [JsonPropertyName("top_n")]
    public int? TopN { get; init; }

    /// <summary>True to repeat the document in each result. Default false.</summary>
    [JsonPropertyName("return_documents")]
    public bool? ReturnDocuments { get; init; }

    /// <summary>Ignored: a document is read as far as the model reads.</summary>
    [JsonPropertyName("max_tokens_per_doc")]
    public JsonElement? MaxTokensPerDoc { get; init; }

    /// <summary>Ignored: a document is not cut into chunks.</summary>
    [JsonPropertyName("max_chunks_per_doc")]
    public JsonElement? MaxChunksPerDoc { get; init; }
}
