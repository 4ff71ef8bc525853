namespace MultiVecRetrieval.Numerics.Reduction;

/// <summary>The text that names a reduction cannot be understood.</summary>
/// <param name="spec">The text.</param>
/// <param name="reason">What is wrong with it, and what is known instead.</param>
public sealed class ReductionSpecException(string spec, string reason)
    : ArgumentException($"The reduction '{spec}' is not understood: {reason}")
{
    /// <summary>The text.</summary>
    public string Spec { get; } = spec;

    /// <summary>What is wrong with it, and what is known instead.</summary>
    public string Reason { get; } = reason;
}
