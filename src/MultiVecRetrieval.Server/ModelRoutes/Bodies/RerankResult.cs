using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>A document and how well it answers.</summary>
/// <param name="Index">Which document of the request.</param>
/// <param name="RelevanceScore">In [0, 1]: (1 + MaxSim / rows of the query) / 2; of a reranker the logistic of what it gives.</param>
public sealed record RerankResult(int Index, [property: JsonPropertyName("relevance_score")] double RelevanceScore)
{
    /// <summary>The document, when return_documents is true; a text as {"text"}.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Document { get; init; }
}
