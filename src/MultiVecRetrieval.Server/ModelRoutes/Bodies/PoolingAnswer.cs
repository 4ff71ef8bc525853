using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>What a model makes of the inputs, in their order.</summary>
/// <param name="Id">A name of this answer.</param>
/// <param name="Created">When, in seconds since 1970.</param>
/// <param name="Model">The model.</param>
/// <param name="Data">One entry per input.</param>
/// <param name="Usage">Tokens.</param>
public sealed record PoolingAnswer(string Id, long Created, string Model, IReadOnlyList<PoolingData> Data, UsageBody Usage)
{
    /// <summary>Always list.</summary>
    public string Object { get; } = "list";

    /// <summary>What was not read, for people; left out when everything was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notices { get; init; }
}
