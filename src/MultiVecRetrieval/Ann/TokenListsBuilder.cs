using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization.Codes;

namespace MultiVecRetrieval.Ann;

/// <summary>Collects the codes of entries, in order, and turns them into <see cref="TokenLists"/>. Not safe for concurrent use.</summary>
internal sealed class TokenListsBuilder(Codebook codebook)
{
    private readonly List<ushort[]> _sets = [];

    /// <summary>Adds the next entry by its rows.</summary>
    /// <exception cref="ArgumentException">The rows have another length.</exception>
    public void Add(MultiVectorView rows)
    {
        if (rows.Dimension != codebook.Dimension)
        {
            throw new ArgumentException($"The rows have d = {rows.Dimension}, the centroids d = {codebook.Dimension}.", nameof(rows));
        }

        Add(codebook.Encode(rows.Values));
    }

    /// <summary>Adds the next entry by the codes of its rows; none for an entry that no search shall find.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A code is not in the codebook.</exception>
    public void Add(ReadOnlySpan<int> codes)
    {
        foreach (int code in codes)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)code, (uint)codebook.Count, nameof(codes));
        }

        int[] sorted = codes.ToArray();
        Array.Sort(sorted);
        List<ushort> distinct = [];
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                distinct.Add((ushort)sorted[i]);
            }
        }

        _sets.Add([.. distinct]);
    }

    /// <summary>The lists of all entries so far.</summary>
    public TokenLists Build()
    {
        int blockCount = (_sets.Count + TokenLists.BlockEntryCount - 1) / TokenLists.BlockEntryCount;
        int[] offsets = new int[(blockCount * codebook.Count) + 1];
        for (int entry = 0; entry < _sets.Count; entry++)
        {
            foreach (ushort code in _sets[entry])
            {
                offsets[GetList(entry, code) + 1]++;
            }
        }

        for (int list = 1; list < offsets.Length; list++)
        {
            offsets[list] = checked(offsets[list] + offsets[list - 1]);
        }

        ushort[] postings = new ushort[offsets[^1]];
        int[] next = offsets[..^1];
        for (int entry = 0; entry < _sets.Count; entry++)
        {
            foreach (ushort code in _sets[entry])
            {
                postings[next[GetList(entry, code)]++] = (ushort)(entry % TokenLists.BlockEntryCount);
            }
        }

        return new TokenLists(codebook, _sets.Count, offsets, postings);
    }

    private int GetList(int entry, int code) => (entry / TokenLists.BlockEntryCount * codebook.Count) + code;
}
