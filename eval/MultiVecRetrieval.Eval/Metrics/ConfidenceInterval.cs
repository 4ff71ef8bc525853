namespace MultiVecRetrieval.Eval.Metrics;

/// <summary>A mean over queries with the interval that repeated samples of queries would put it in.</summary>
/// <param name="Mean">The mean of the sample.</param>
/// <param name="Low">Lower bound; not above <paramref name="Mean"/>, up to the resampling error.</param>
/// <param name="High">Upper bound.</param>
public readonly record struct ConfidenceInterval(double Mean, double Low, double High)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Mean:0.000} [{Low:0.000}, {High:0.000}]");
}
