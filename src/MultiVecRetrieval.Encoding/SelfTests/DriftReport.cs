namespace MultiVecRetrieval.Encoding.SelfTests;

/// <summary>How near a graph of fewer bits comes to its reference.</summary>
/// <param name="Sides">One per side that both models have.</param>
/// <param name="Problem">Why the two cannot be compared; null when they can.</param>
public sealed record DriftReport(IReadOnlyList<DriftSide> Sides, string? Problem)
{
    /// <summary>The mean cosine that each side has at least. Below it, exports in 8 bits are known to rank visibly otherwise.</summary>
    public const double Bar = 0.98;

    /// <summary>True when every side reaches the bar.</summary>
    public bool IsAccepted => Problem is null && Sides.Count > 0 && Sides.All(side => side.Mean >= Bar);
}
