namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>A mean recall, or a difference of two, over held-out queries, with its 95 % bootstrap interval.</summary>
/// <param name="Mean">The mean over the queries.</param>
/// <param name="Low">Lower end: the 2.5 percentile of means of resampled queries.</param>
/// <param name="High">Upper end.</param>
public readonly record struct RecallInterval(double Mean, double Low, double High)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Mean:0.000} [{Low:0.000}, {High:0.000}]");
}
