using System.Text.Json;
using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>Vectors by how they are written, in the form of Cohere's second API.</summary>
/// <param name="Id">A name of the answer.</param>
/// <param name="Embeddings">By the wanted type a vector for each input, in their order.</param>
/// <param name="Texts">The texts that were encoded; left out where there were none.</param>
/// <param name="Meta">What it took.</param>
public sealed record EmbedAnswer(
    string Id, IReadOnlyDictionary<string, IReadOnlyList<object>> Embeddings,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Texts, RerankMeta Meta)
{
    /// <summary>Always embeddings_by_type.</summary>
    [JsonPropertyName("response_type")]
    public string ResponseType { get; } = "embeddings_by_type";
}
