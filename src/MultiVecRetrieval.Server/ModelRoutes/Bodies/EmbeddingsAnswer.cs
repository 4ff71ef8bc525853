using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>Vectors, one entry per input, in their order.</summary>
/// <param name="Data">The vectors.</param>
/// <param name="Model">The model.</param>
/// <param name="Usage">Tokens.</param>
public sealed record EmbeddingsAnswer(IReadOnlyList<EmbeddingBody> Data, string Model, UsageBody Usage)
{
    /// <summary>Always list.</summary>
    public string Object { get; } = "list";

    /// <summary>What was not read, for people; left out when everything was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notices { get; init; }
}
