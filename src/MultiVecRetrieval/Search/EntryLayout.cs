using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Search;

/// <summary>
/// The entries of a space in one generation, numbered through its segments, and which of them a request wants: live, passed by the filter
/// and not excluded.
/// </summary>
internal sealed class EntryLayout : IDisposable
{
    private readonly LiveSegment[] _segments;
    private readonly int[] _firsts;
    private ulong[]? _wanted;

    /// <exception cref="CorruptSegmentException">A segment of the space is damaged.</exception>
    public EntryLayout(SegmentSet set, string space, EntrySet? filter, long? excluded)
    {
        _segments = [.. set.OfSpace(space)];
        _firsts = new int[_segments.Length + 1];
        for (int i = 0; i < _segments.Length; i++)
        {
            _firsts[i + 1] = checked(_firsts[i] + _segments[i].Shared.Reader.EntryCount);
            WantedRowCount += _segments[i].Shared.Reader.RowCount;
        }

        WantedCount = Count;
        if (filter is not null || excluded is not null || _segments.Any(segment => segment.DeadEntries.Count > 0))
        {
            Select(filter, excluded);
        }
    }

    public ReadOnlySpan<LiveSegment> Segments => _segments;

    /// <summary>Entries of all segments, dead ones included: positions are below it.</summary>
    public int Count => _firsts[^1];

    public int WantedCount { get; private set; }

    /// <summary>Rows of wanted entries.</summary>
    public long WantedRowCount { get; private set; }

    /// <summary>The position of the first entry of a segment.</summary>
    public int GetFirst(int segment) => _firsts[segment];

    public bool IsWanted(int position) => _wanted is null || (_wanted[position >> 6] >> (position & 63) & 1) != 0;

    /// <summary>The segment of a position, and the index in it.</summary>
    public (LiveSegment Segment, int Index) Locate(int position)
    {
        int found = Array.BinarySearch(_firsts, position);
        if (found < 0)
        {
            found = ~found - 1;
        }

        // Several segments begin at one position when those before the last are empty.
        while (_firsts[found + 1] == position)
        {
            found++;
        }

        return (_segments[found], position - _firsts[found]);
    }

    public long GetEntryId(int position)
    {
        (LiveSegment segment, int index) = Locate(position);
        return segment.Shared.Reader.Entries[index].EntryId;
    }

    /// <summary>The wanted ones of some consecutive positions.</summary>
    public int CountWanted(int first, int count)
    {
        if (_wanted is null)
        {
            return count;
        }

        int wanted = 0;
        for (int position = first; position < first + count;)
        {
            int length = Math.Min(64 - (position & 63), first + count - position);
            ulong mask = (length == 64 ? ulong.MaxValue : (1UL << length) - 1) << (position & 63);
            wanted += BitOperations.PopCount(_wanted[position >> 6] & mask);
            position += length;
        }

        return wanted;
    }

    /// <summary>Copies which of some consecutive positions are wanted: the first at bit 0 of the first word; bits beyond are 0.</summary>
    public void CopyWanted(int first, int count, Span<ulong> target)
    {
        for (int i = 0; i < (count + 63) >> 6; i++)
        {
            int position = first + (i << 6);
            int word = position >> 6;
            int shift = position & 63;
            ulong bits = _wanted is null ? ulong.MaxValue : _wanted[word] >> shift;
            if (_wanted is not null && shift > 0 && word < Count >> 6)
            {
                bits |= _wanted[word + 1] << (64 - shift);
            }

            int length = Math.Min(64, count - (i << 6));
            target[i] = length == 64 ? bits : bits & ((1UL << length) - 1);
        }
    }

    public void Dispose()
    {
        if (_wanted is { } wanted)
        {
            _wanted = null;
            ArrayPool<ulong>.Shared.Return(wanted);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Select(EntrySet? filter, long? excluded)
    {
        _wanted = ArrayPool<ulong>.Shared.Rent((Count >> 6) + 1);
        _wanted.AsSpan().Fill(filter is null ? ulong.MaxValue : 0);
        if (filter is not null)
        {
            WantedCount = 0;
            WantedRowCount = 0;
        }

        for (int i = 0; i < _segments.Length; i++)
        {
            SegmentReader reader = _segments[i].Shared.Reader;
            ReadOnlySpan<EntryRecord> entries = reader.Entries;
            for (int index = 0; filter is not null && index < entries.Length; index++)
            {
                if (!filter.Contains(entries[index].EntryId))
                {
                    continue;
                }

                int position = _firsts[i] + index;
                _wanted[position >> 6] |= 1UL << (position & 63);
                WantedCount++;
                WantedRowCount += entries[index].RowCount;
            }

            foreach (long dead in _segments[i].DeadEntries)
            {
                Remove(i, reader, dead);
            }

            if (excluded is { } id)
            {
                Remove(i, reader, id);
            }
        }
    }

    private void Remove(int segment, SegmentReader reader, long entryId)
    {
        int index = reader.IndexOf(entryId);
        int position = _firsts[segment] + index;
        if (index < 0 || !IsWanted(position))
        {
            return;
        }

        _wanted![position >> 6] &= ~(1UL << (position & 63));
        WantedCount--;
        WantedRowCount -= reader.Entries[index].RowCount;
    }
}
