namespace MultiVecRetrieval.Numerics.Quantization;

/// <summary>The name of a codec as people write it: <c>family</c> or <c>family:argument</c>, for instance <c>bits:2</c> or
/// <c>codes:4096</c>.</summary>
/// <param name="Family">Lower-case name of a <see cref="CodecFamily"/>.</param>
/// <param name="Argument">What follows the colon; empty when nothing does.</param>
public readonly record struct CodecSpec(string Family, string Argument)
{
    /// <summary>Reads <c>family</c> or <c>family:argument</c>; whether the family exists is another question.</summary>
    public static CodecSpec Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new CodecSpec(text, "") : new CodecSpec(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>What says that the argument is none that the codec takes.</summary>
    /// <param name="accepted">What it takes.</param>
    internal SpecException Refuse(string accepted) =>
        new("codec", ToString(), $"{accepted}; {(Argument.Length == 0 ? "nothing" : $"'{Argument}'")} was given.");

    /// <inheritdoc/>
    public override string ToString() => Argument.Length == 0 ? Family : $"{Family}:{Argument}";
}
