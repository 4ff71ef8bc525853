namespace MultiVecRetrieval.Server.ModelRoutes.Bodies;

/// <summary>How alike a query and a document are.</summary>
/// <param name="Index">Which document.</param>
/// <param name="Score">The cosine of one vector each; of several, MaxSim, which grows with the rows of the query; of a reranker
/// what its configuration says, the logit or its logistic.</param>
public sealed record ScoreData(int Index, float Score)
{
    /// <summary>Always score.</summary>
    public string Object { get; } = "score";
}
