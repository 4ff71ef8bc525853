using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Eval.Benchmarks.Mmeb;

/// <summary>A line of <c>DATASET_pred.jsonl</c>: what was ranked for a query, and what answers it.</summary>
internal sealed record MmebPrediction
{
    /// <summary>Names of candidates, best first.</summary>
    [JsonPropertyName("prediction")]
    public required IReadOnlyList<string> Prediction { get; init; }

    /// <summary>Names of the answers.</summary>
    [JsonPropertyName("label")]
    public required IReadOnlyList<string> Label { get; init; }

    /// <summary>The grade of each answer; null where they are all alike.</summary>
    [JsonPropertyName("rel_scores")]
    public IReadOnlyList<double>? RelevanceScores { get; init; }
}
