namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>The model folders, in the order in which they are looked for.</summary>
/// <param name="Data">The models.</param>
public sealed record ModelsAnswer(IReadOnlyList<ModelBody> Data)
{
    /// <summary>Always list.</summary>
    public string Object { get; } = "list";
}
