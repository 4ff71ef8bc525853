using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>Documents, best first; of equal ones the earlier.</summary>
/// <param name="Id">A name of this answer.</param>
/// <param name="Model">The model.</param>
/// <param name="Results">The documents.</param>
/// <param name="Usage">Tokens.</param>
/// <param name="Meta">The same in another form.</param>
public sealed record RerankAnswer(string Id, string Model, IReadOnlyList<RerankResult> Results, UsageBody Usage, RerankMeta Meta)
{
    /// <summary>What was not read, for people; left out when everything was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notices { get; init; }
}
