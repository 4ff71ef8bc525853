namespace MultiVecRetrieval;

/// <summary>The text that names a tier cannot be understood, or asks for what the space cannot have.</summary>
/// <param name="spec">The text.</param>
/// <param name="reason">What is wrong with it, and what is accepted instead.</param>
/// <param name="innerException">What refused it.</param>
public sealed class TierSpecException(string spec, string reason, Exception? innerException = null)
    : ArgumentException($"The tier '{spec}' is not understood: {reason}", innerException)
{
    /// <summary>The text.</summary>
    public string Spec { get; } = spec;
}
