using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>What a request took, as Cohere's clients read it.</summary>
/// <param name="Tokens">Tokens.</param>
public sealed record RerankMeta(RerankMeta.TokensBody Tokens)
{
    /// <param name="InputTokens">As prompt_tokens of usage.</param>
    public sealed record TokensBody([property: JsonPropertyName("input_tokens")] int InputTokens);
}
