using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>How alike queries and documents are, in the order of the documents.</summary>
/// <param name="Id">A name of this answer.</param>
/// <param name="Created">When, in seconds since 1970.</param>
/// <param name="Model">The model.</param>
/// <param name="Data">One entry per document.</param>
/// <param name="Usage">Tokens.</param>
public sealed record ScoreAnswer(string Id, long Created, string Model, IReadOnlyList<ScoreData> Data, UsageBody Usage)
{
    /// <summary>Always list.</summary>
    public string Object { get; } = "list";

    /// <summary>What was not read, for people; left out when everything was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notices { get; init; }
}
