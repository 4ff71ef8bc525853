namespace MultiVecRetrieval;

/// <summary>How well a caption fits its picture.</summary>
public sealed record CaptionFit
{
    /// <summary>Key of the picture.</summary>
    public required string Key { get; init; }

    /// <summary>Its caption.</summary>
    public required string Caption { get; init; }

    /// <summary>Where it stands: the field of the metadata, <c>description</c> or <c>title</c>.</summary>
    public required string Field { get; init; }

    /// <summary>The share of other pictures that the caption fits less than its own, in [0, 1]; equal ones count half. 0.5 is what
    /// chance gives, 0 that it fits every other picture better.</summary>
    public required double Percentile { get; init; }

    /// <summary>Similarity of caption and picture: the mean of the best inner product of each row of the caption, at most 1.</summary>
    public required double Similarity { get; init; }

    /// <summary>Evidence in [0, 1] that the picture shows what the caption says, as a search judges it; null for a model that does not
    /// say from which similarity on a thing is there.</summary>
    public double? Evidence { get; init; }

    /// <summary>The caption of another picture that fits this one better; null when none does.</summary>
    public BetterCaption? Better { get; init; }
}
