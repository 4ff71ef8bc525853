namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>The special tokens around every text.</summary>
/// <param name="Prefix">Ids before the text.</param>
/// <param name="Suffix">Ids after the text.</param>
internal sealed record SpecialFrame(IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix)
{
    /// <summary>No special tokens.</summary>
    public static SpecialFrame Empty { get; } = new([], []);

    /// <summary>Ids before and after the text.</summary>
    public int Count => Prefix.Count + Suffix.Count;

    /// <summary>This frame with another one around it.</summary>
    public SpecialFrame Within(SpecialFrame outer) => new([.. outer.Prefix, .. Prefix], [.. Suffix, .. outer.Suffix]);
}
