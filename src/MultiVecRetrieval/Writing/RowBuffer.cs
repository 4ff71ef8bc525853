using MultiVecRetrieval.Files;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Segments;

namespace MultiVecRetrieval.Writing;

/// <summary>Rows of a batch: held packed up to a limit, then spilled to segment files that no catalog lists yet.</summary>
internal sealed class RowBuffer(Storage storage, string folder, long capacityInBytes, Func<long> nextFileId)
{
    private readonly Dictionary<string, List<PackedEntry>> _held = [];
    private readonly Dictionary<string, Space> _spaces = [];
    private readonly List<SegmentRecord> _segments = [];
    private readonly HashSet<long> _removed = [];
    private long _heldBytes;

    private sealed record PackedEntry(long EntryId, byte[] Rows, int RowCount, byte[] Places, EntryFlags Flags);

    /// <summary>Segment files written so far.</summary>
    public IReadOnlyList<SegmentRecord> Segments => _segments;

    /// <summary>Entries that were taken back; files written before may still hold their rows.</summary>
    public IReadOnlySet<long> Removed => _removed;

    public void Add(Space space, long entryId, MultiVector rows)
    {
        byte[] packed = new byte[PackedRows.GetSizeInBytes(space.RowFormat, rows.RowCount, rows.Dimension)];
        PackedRows.Pack(space.RowFormat, rows.View, packed);
        EntryFlags flags = PlaceCodec.GetFlags(rows);
        byte[] places = PlaceCodec.Encode(rows, flags);

        _spaces[space.Name] = space;
        if (!_held.TryGetValue(space.Name, out List<PackedEntry>? list))
        {
            _held[space.Name] = list = [];
        }

        list.Add(new PackedEntry(entryId, packed, rows.RowCount, places, flags));
        _heldBytes += packed.Length + places.Length;
        if (_heldBytes >= capacityInBytes)
        {
            Flush();
        }
    }

    public void Remove(IReadOnlyCollection<long> entryIds)
    {
        _removed.UnionWith(entryIds);
        foreach (List<PackedEntry> list in _held.Values)
        {
            foreach (PackedEntry entry in list.Where(entry => _removed.Contains(entry.EntryId)))
            {
                _heldBytes -= entry.Rows.Length + entry.Places.Length;
            }

            list.RemoveAll(entry => _removed.Contains(entry.EntryId));
        }
    }

    /// <summary>Writes what is held, one file per space, each on the device when this returns.</summary>
    public void Flush()
    {
        foreach ((string name, List<PackedEntry> list) in _held)
        {
            if (list.Count == 0)
            {
                continue;
            }

            using SegmentWriter writer = new(storage, folder, nextFileId(), _spaces[name]);
            foreach (PackedEntry entry in list)
            {
                writer.Add(entry.EntryId, entry.Rows, entry.RowCount, entry.Places, entry.Flags);
            }

            _segments.Add(writer.Complete());
            list.Clear();
        }

        _heldBytes = 0;
    }

    /// <summary>Forgets everything; with <paramref name="deleteFiles"/> the files go too.</summary>
    public void Clear(bool deleteFiles)
    {
        foreach (SegmentRecord segment in _segments)
        {
            if (deleteFiles)
            {
                File.Delete(Path.Combine(folder, SegmentLayout.GetFileName(segment.Id)));
            }
        }

        _segments.Clear();
        _held.Clear();
        _removed.Clear();
        _heldBytes = 0;
    }
}
