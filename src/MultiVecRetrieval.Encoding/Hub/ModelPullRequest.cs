namespace MultiVecRetrieval.Encoding.Hub;

/// <summary>Which model is fetched, and where it comes to lie.</summary>
public sealed record ModelPullRequest
{
    /// <summary>A name of <see cref="ModelCatalog"/>, or <c>owner/name</c>, either with <c>@revision</c>: a branch, a tag or a commit.
    /// Without one, that of the catalogue, else <c>main</c>.</summary>
    public required string Model { get; init; }

    /// <summary>The folder in which the model's folder is made; it is made if need be.</summary>
    public required string Into { get; init; }

    /// <summary>Name of the model's folder. By default the name in the catalogue, or of the repository.</summary>
    public string? Name { get; init; }

    /// <summary>Which variant of the graphs: <c>fp32</c>, <c>fp16</c>, <c>int8</c>, <c>q4</c>, ... By default the one of most precision
    /// that there is.</summary>
    public string? Graph { get; init; }
}
