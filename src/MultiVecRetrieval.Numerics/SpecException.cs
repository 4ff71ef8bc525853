namespace MultiVecRetrieval.Numerics;

/// <summary>The text that names a tier, a codec or a reduction cannot be understood, or asks for what cannot be had.</summary>
/// <param name="kind">What it should name: <c>tier</c> or <c>reduction</c>.</param>
/// <param name="spec">The text.</param>
/// <param name="reason">What is wrong with it, and what is accepted instead.</param>
/// <param name="innerException">What refused it.</param>
public sealed class SpecException(string kind, string spec, string reason, Exception? innerException = null)
    : ArgumentException($"The {kind} '{spec}' is not understood: {reason}", innerException)
{
    /// <summary>What it should name: <c>tier</c> or <c>reduction</c>.</summary>
    public string Kind { get; } = kind;

    /// <summary>The text.</summary>
    public string Spec { get; } = spec;

    /// <summary>What is wrong with it, and what is accepted instead.</summary>
    public string Reason { get; } = reason;
}
