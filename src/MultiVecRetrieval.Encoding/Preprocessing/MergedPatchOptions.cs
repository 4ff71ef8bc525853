namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>How pictures become flattened patches of which the model merges blocks.</summary>
internal sealed record MergedPatchOptions
{
    /// <summary>Side of a patch in pixels.</summary>
    public required int PatchSide { get; init; }

    /// <summary>Patches along each side of a block that the model merges to one token.</summary>
    public required int MergeSide { get; init; }

    /// <summary>Frames that a patch holds; a still picture is repeated.</summary>
    public required int TemporalPatch { get; init; }

    /// <summary>Pixels of a resized picture at least.</summary>
    public required int MinPixels { get; init; }

    /// <summary>Pixels of a resized picture at most.</summary>
    public required int MaxPixels { get; init; }

    /// <summary>Filter and normalisation.</summary>
    public required PixelScaling Scaling { get; init; }

    /// <summary>Sides of a resized picture are multiples of this.</summary>
    public int Factor => PatchSide * MergeSide;
}
