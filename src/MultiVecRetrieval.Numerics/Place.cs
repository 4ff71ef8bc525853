namespace MultiVecRetrieval.Numerics;

/// <summary>Where a row comes from: a box in relative coordinates, and for video a time span.</summary>
/// <param name="Left">Left edge in [0, 1], as a share of the width.</param>
/// <param name="Top">Top edge in [0, 1], as a share of the height.</param>
/// <param name="Right">Right edge in [0, 1]; not less than <paramref name="Left"/>.</param>
/// <param name="Bottom">Bottom edge in [0, 1]; not less than <paramref name="Top"/>.</param>
/// <param name="StartSeconds">Start of the time span in seconds; 0 for a still picture.</param>
/// <param name="EndSeconds">End of the time span in seconds; equal to <paramref name="StartSeconds"/> for a still picture.</param>
public readonly record struct Place(
    float Left, float Top, float Right, float Bottom, float StartSeconds = 0, float EndSeconds = 0)
{
    /// <summary>The whole picture, without a time span.</summary>
    public static Place Whole => new(0, 0, 1, 1);

    /// <summary>True when the place is a moment of a video.</summary>
    public bool HasSpan => EndSeconds > StartSeconds;
}
