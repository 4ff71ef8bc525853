using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>What a request took.</summary>
/// <param name="PromptTokens">Tokens of texts that the model read, with its prompts and special tokens; pictures have none.</param>
/// <param name="TotalTokens">The same: a model of vectors writes none.</param>
public sealed record UsageBody(
    [property: JsonPropertyName("prompt_tokens")] int PromptTokens,
    [property: JsonPropertyName("total_tokens")] int TotalTokens)
{
    internal static UsageBody Of(int tokenCount) => new(tokenCount, tokenCount);
}
