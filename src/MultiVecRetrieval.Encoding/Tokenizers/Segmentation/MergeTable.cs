namespace MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

/// <summary>Collects the merges of a byte-pair vocabulary in the order of their ranks.</summary>
internal sealed class MergeTable(Vocabulary vocabulary, string continuingPrefix = "")
{
    private int _rank;

    /// <summary>Rank and merged id of each pair of ids, by <see cref="Key"/>.</summary>
    public Dictionary<long, (int Rank, int Merged)> Pairs { get; } = new(vocabulary.Size);

    /// <summary>Both ids of a pair in one number, which hashes several times faster than a tuple.</summary>
    public static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    /// <summary>Adds "left right".</summary>
    /// <exception cref="FormatException">There is no single space, or a part or the result is no token.</exception>
    public void Add(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || space == line.Length - 1 || line.IndexOf(' ', space + 1) >= 0)
        {
            throw new FormatException($"merge {_rank} is \"{line}\", expected two tokens");
        }

        Add(line.AsSpan(0, space), line.AsSpan(space + 1));
    }

    /// <summary>Adds a pair.</summary>
    /// <exception cref="FormatException">A part or the result is no token.</exception>
    public void Add(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        // The continuing prefix of the right part disappears inside the merged token.
        int lead = continuingPrefix.Length > 0 && right.StartsWith(continuingPrefix) ? continuingPrefix.Length : 0;
        int length = left.Length + right.Length - lead;
        Span<char> merged = length <= 256 ? stackalloc char[length] : new char[length];
        left.CopyTo(merged);
        right[lead..].CopyTo(merged[left.Length..]);
        if (!vocabulary.TryGetId(left, out int leftId) || !vocabulary.TryGetId(right, out int rightId)
            || !vocabulary.TryGetId(merged, out int mergedId))
        {
            throw new FormatException($"merge {_rank}, \"{left} {right}\", names a token that the vocabulary lacks");
        }

        Pairs[Key(leftId, rightId)] = (_rank++, mergedId);
    }
}
