namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>The text that names a codec cannot be understood, or asks for what there is not.</summary>
public sealed class CodecSpecException : ArgumentException
{
    /// <summary>Refuses a spec.</summary>
    /// <param name="spec">The text.</param>
    /// <param name="reason">What is wrong with it, and what is accepted instead.</param>
    public CodecSpecException(string spec, string reason)
        : base($"The codec '{spec}' is not understood: {reason}")
    {
        Spec = spec;
        Reason = reason;
    }

    internal CodecSpecException(CodecSpec spec, string accepted)
        : this(spec.ToString(), $"{accepted}; {(spec.Argument.Length == 0 ? "nothing" : $"'{spec.Argument}'")} was given.")
    {
    }

    /// <summary>The text.</summary>
    public string Spec { get; }

    /// <summary>What is wrong with it, and what is accepted instead.</summary>
    public string Reason { get; }
}
