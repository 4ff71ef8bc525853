using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Eval.Benchmarks.Mmeb;

/// <summary>A line of <c>DATASET_info.jsonl</c>: the candidates of a query and its answers.</summary>
internal sealed record MmebInfo
{
    /// <summary>Names of the candidates.</summary>
    [JsonPropertyName("cand_names")]
    public required IReadOnlyList<string> Candidates { get; init; }

    /// <summary>Names of the answers.</summary>
    [JsonPropertyName("label_name")]
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The grade of each answer; left out where they are all alike.</summary>
    [JsonPropertyName("rel_scores")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? RelevanceScores { get; init; }
}
