using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Server.Qdrant;

/// <summary>Keys of entries by the ids of their points. What is a hash of a key is looked up in a map of the entries of files, which is
/// made when it is first asked for and anew when the collection has changed. Thread-safe.</summary>
internal sealed class PointIds
{
    private const int PageSize = 1_000;

    private static readonly Filter OfFiles = Filter.Not(Filter.Equal("type", "record"));

    // One map a collection, which goes with it.
    private readonly ConditionalWeakTable<Collection, Holder> _maps = [];

    /// <summary>The key of the entry of an id; null when there is none.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="snapshot">The state of it that is asked.</param>
    /// <param name="ownKey">The id as text, which is the key of a record: see <see cref="PointId.ToKey"/>.</param>
    public string? Find(Collection collection, Snapshot snapshot, string ownKey) =>
        snapshot.Entries.Get(ownKey) is { } record ? record.Key
        : Guid.TryParse(ownKey, out Guid id) && MapOf(collection, snapshot).TryGetValue(id, out string? key) ? key
        : null;

    private Dictionary<Guid, string> MapOf(Collection collection, Snapshot snapshot)
    {
        Holder holder = _maps.GetOrCreateValue(collection);
        lock (holder)
        {
            if (holder.Generation == snapshot.Generation)
            {
                return holder.Keys;
            }
        }

        Dictionary<Guid, string> keys = Read(snapshot);
        lock (holder)
        {
            // A request that began before a change must not put its map in the place of a later one.
            if (holder.Generation < snapshot.Generation)
            {
                (holder.Generation, holder.Keys) = (snapshot.Generation, keys);
            }
        }

        return keys;
    }

    private static Dictionary<Guid, string> Read(Snapshot snapshot)
    {
        Dictionary<Guid, string> keys = [];
        IReadOnlyList<Entry> page;
        string? after = null;
        do
        {
            page = snapshot.Entries.List(filter: OfFiles, afterKey: after, limit: PageSize);
            foreach (Entry entry in page)
            {
                keys[PointId.Hash(entry.Key)] = entry.Key;
            }

            after = page.Count > 0 ? page[^1].Key : null;
        }
        while (page.Count == PageSize);
        return keys;
    }

    private sealed class Holder
    {
        public long Generation { get; set; } = -1;

        public Dictionary<Guid, string> Keys { get; set; } = [];
    }
}
