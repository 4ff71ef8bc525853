using System.Text.Json.Serialization;

namespace MultiVecRetrieval.Numerics.Quantization.Heads;

/// <summary>What training found, measured on queries that it did not see.</summary>
/// <remarks>
/// Recall is the share of the answers among the first ten: of the one document that a pair names, or of the ten nearest by float
/// where there are no pairs; then the float recall is 1 by definition. All documents of the sample are searched.
/// </remarks>
public sealed record BinarizerReport
{
    /// <summary>What the codec does: <see cref="BinarizerChoice.Learned"/> only when it is better by more than chance.</summary>
    public required BinarizerChoice Kept { get; init; }

    /// <summary>The codec behind the head, for instance <c>bits:2</c>.</summary>
    public required string Codec { get; init; }

    /// <summary>True when the sample named the answers.</summary>
    public required bool IsLabelled { get; init; }

    /// <summary>Distinct documents that were used.</summary>
    public required int DocumentCount { get; init; }

    /// <summary>Queries that training saw.</summary>
    public required int TrainingQueryCount { get; init; }

    /// <summary>Queries that the figures below are of.</summary>
    public required int TestQueryCount { get; init; }

    /// <summary>Steps of training.</summary>
    public required int StepCount { get; init; }

    /// <summary>The step that was best on the validation queries; 0 when none was better than the closed form.</summary>
    public required int BestStep { get; init; }

    /// <summary>Float queries against float documents; in compatible training both of the new model.</summary>
    public required ConfidenceInterval Float { get; init; }

    /// <summary>The codec without a learned head; in compatible training behind the ridge map, on the old codes.</summary>
    public required ConfidenceInterval ClosedForm { get; init; }

    /// <summary>The codec behind the learned head; null when no step was better on the validation queries.</summary>
    public ConfidenceInterval? Learned { get; init; }

    /// <summary>Learned less closed form, query by query; null with <see cref="Learned"/>.</summary>
    public ConfidenceInterval? Difference { get; init; }

    /// <summary>Compatible training: new queries behind the ridge map against the old float documents.</summary>
    public ConfidenceInterval? FloatAcross { get; init; }

    /// <summary>Compatible training, when the old model's queries were given: those against the old codes, as it was before.</summary>
    public ConfidenceInterval? OldQueries { get; init; }

    /// <summary>Compatible training: new queries against new documents, both through what was kept.</summary>
    public ConfidenceInterval? NewDocuments { get; init; }

    /// <summary>Compatible training: true when the old codes lie behind a learned head, so that the new one leads there and not to the old
    /// rows.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsBehindOldHead { get; init; }
}
