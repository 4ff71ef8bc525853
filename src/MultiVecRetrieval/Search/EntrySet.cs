namespace MultiVecRetrieval.Search;

/// <summary>The entries that passed a filter, as a bitmap over entry ids.</summary>
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
}
