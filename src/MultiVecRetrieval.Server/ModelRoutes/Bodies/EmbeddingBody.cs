using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>The vector or vectors of an input.</summary>
/// <param name="Index">Which input.</param>
public sealed record EmbeddingBody(int Index)
{
    /// <summary>Always embedding.</summary>
    public string Object { get; } = "embedding";

    /// <summary>The one vector: numbers, or base64.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Embedding { get; init; }

    /// <summary>All rows, when return_multivector is true: an array of numbers each, or base64 of all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Embeddings { get; init; }

    /// <summary>[rows, values of a row] of embeddings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Shape { get; init; }

    /// <summary>What the values are where they are not plain numbers: float32, int8, binary or ubinary.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Dtype { get; init; }

    /// <summary>Of int8: what each row is multiplied with, in their order.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float>? Scales { get; init; }

    /// <summary>Where each row of a picture lies, when return_places is true: [left, top, right, bottom] as shares.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<double>>? Places { get; init; }
}
