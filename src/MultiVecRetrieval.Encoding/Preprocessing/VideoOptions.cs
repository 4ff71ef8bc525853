namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>How frames of a video become one input.</summary>
internal sealed record VideoOptions
{
    /// <summary>Patches and normalisation. The budget is of each frame, or of all together.</summary>
    public required MergedPatchOptions Patches { get; init; }

    /// <summary>Frames of a video.</summary>
    public required int FrameCount { get; init; }

    /// <summary>True when the budget of pixels is of all frames together.</summary>
    public required bool IsTotalBudget { get; init; }

    /// <summary>True when every group of frames stands between marks of its own, behind its time.</summary>
    public required bool IsTimestamped { get; init; }

    /// <summary>Steps of the positions in a second; null where groups of frames count up by one.</summary>
    public required double? PositionsPerSecond { get; init; }

    /// <summary>Groups of frames that the model joins.</summary>
    public int FrameGroups => (FrameCount + Patches.TemporalPatch - 1) / Patches.TemporalPatch;
}
