namespace MultiVecRetrieval.Numerics;

/// <summary>When spans of two videos count as the same.</summary>
public sealed record SegmentAlignment
{
    /// <summary>Similarity from which two frames are taken for the same one, in (-1, 1).</summary>
    public required double Threshold { get; init; }

    /// <summary>The least length of both spans, in seconds; above 0. Default 3.</summary>
    public double MinSeconds { get; init; } = 3;

    /// <summary>How much may stand between two stretches that match, in seconds, before they are two segments; above 0. Default
    /// 3.</summary>
    public double MaxGapSeconds { get; init; } = 3;

    /// <summary>Different frames that have to follow each other in both; at least 1. One frame alone, a title or a black screen, stands in
    /// many videos. Default 3.</summary>
    public int MinFrames { get; init; } = 3;

    /// <summary>Seconds of a step of the comparison; above 0. Long videos are looked at in longer ones. Default 0.5.</summary>
    public double StepSeconds { get; init; } = 0.5;

    /// <exception cref="ArgumentOutOfRangeException">A value is out of range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Threshold is > -1 and < 1, true, nameof(Threshold));
        ArgumentOutOfRangeException.ThrowIfNotEqual(MinSeconds > 0, true, nameof(MinSeconds));
        ArgumentOutOfRangeException.ThrowIfNotEqual(MaxGapSeconds > 0, true, nameof(MaxGapSeconds));
        ArgumentOutOfRangeException.ThrowIfLessThan(MinFrames, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(StepSeconds > 0, true, nameof(StepSeconds));
    }
}
