namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>The special tokens around two texts that are read together.</summary>
/// <param name="Prefix">Ids before the first text.</param>
/// <param name="Middle">Ids between the texts.</param>
/// <param name="Suffix">Ids after the second text.</param>
/// <param name="SecondType">Token type of the second text and of what follows it; the first has 0.</param>
internal sealed record PairFrame(IReadOnlyList<int> Prefix, IReadOnlyList<int> Middle, IReadOnlyList<int> Suffix, int SecondType)
{
    /// <summary>Ids that are not of the texts.</summary>
    public int Count => Prefix.Count + Middle.Count + Suffix.Count;

    /// <summary>Both texts with the special tokens, and the type of each token.</summary>
    public (long[] Ids, long[] Types) Join(IReadOnlyList<int> first, IReadOnlyList<int> second)
    {
        long[] ids = [.. Prefix, .. first, .. Middle, .. second, .. Suffix];
        long[] types = new long[ids.Length];
        Array.Fill(types, SecondType, Prefix.Count + first.Count + Middle.Count, second.Count + Suffix.Count);
        return (ids, types);
    }
}
