using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>What a model makes of an input.</summary>
/// <param name="Index">Which input.</param>
/// <param name="Data">The rows as arrays of numbers, or the one vector for the task embed; or base64.</param>
public sealed record PoolingData(int Index, object Data)
{
    /// <summary>Always pooling.</summary>
    public string Object { get; } = "pooling";

    /// <summary>[rows, values of a row], of base64.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Shape { get; init; }
}
