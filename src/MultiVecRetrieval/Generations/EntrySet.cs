using System.Numerics;

namespace MultiVecRetrieval.Generations;

/// <summary>Some entries, such as those that passed a filter: a bitmap over entry ids.</summary>
internal sealed class EntrySet
{
    private readonly long _first;
    private readonly ulong[] _bits;

    public EntrySet(IReadOnlyList<long> entryIds)
    {
        Count = entryIds.Count;
        long last = -1;
        _first = 0;
        if (entryIds.Count > 0)
        {
            _first = entryIds.Min();
            last = entryIds.Max();
        }

        _bits = new ulong[Count == 0 ? 0 : ((last - _first) >> 6) + 1];
        foreach (long id in entryIds)
        {
            _bits[(id - _first) >> 6] |= 1UL << (int)((id - _first) & 63);
        }
    }

    public long Count { get; }

    public bool Contains(long entryId)
    {
        long offset = entryId - _first;
        return offset >= 0 && (offset >> 6) < _bits.Length && (_bits[offset >> 6] >> (int)(offset & 63) & 1) != 0;
    }

    /// <summary>The entries that are in both; these, where the other is null.</summary>
    public EntrySet Intersect(EntrySet? other)
    {
        if (other is null)
        {
            return this;
        }

        List<long> both = [];
        for (int i = 0; i < _bits.Length; i++)
        {
            for (ulong bits = _bits[i]; bits != 0; bits &= bits - 1)
            {
                long id = _first + ((long)i << 6) + BitOperations.TrailingZeroCount(bits);
                if (other.Contains(id))
                {
                    both.Add(id);
                }
            }
        }

        return new EntrySet(both);
    }
}
