namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>How pictures become at most so many patches, in proportion.</summary>
internal sealed record PatchBudgetOptions
{
    /// <summary>Side of a patch in pixels.</summary>
    public required int PatchSide { get; init; }

    /// <summary>Patches at most; what a picture leaves over is padding.</summary>
    public required int MaxPatches { get; init; }

    /// <summary>Filter and normalisation.</summary>
    public required PixelScaling Scaling { get; init; }
}
