using System.Security.Cryptography;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>
/// Generations that answers are read from page by page: each is kept for a while after it was last used, the longest unused one gives way
/// when there are too many. Thread-safe.
/// </summary>
internal sealed class SnapshotShelf : IDisposable
{
    // Each keeps the catalog's log from being emptied, and files of segments that were merged.
    private const int MaxCount = 16;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public SnapshotShelf(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _timer = _time.CreateTimer(_ => Expire(), null, Life / 10, Life / 10);
    }

    /// <summary>Keeps a generation; the shelf closes it. Returns what names it.</summary>
    public string Keep(string collection, Snapshot snapshot)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        lock (_lock)
        {
            if (_kept.Count >= MaxCount && _kept.Where(kept => kept.Value.UserCount == 0).OrderBy(kept => kept.Value.UsedAt)
                .Select(kept => kept.Key).FirstOrDefault() is { } oldest)
            {
                Close(oldest);
            }

            _kept.Add(id, new Kept(collection, snapshot) { UsedAt = _time.GetUtcNow() });
        }

        return id;
    }

    /// <summary>Reads a generation that is kept.</summary>
    /// <exception cref="SnapshotGoneException">It is not kept any more, or was of another collection.</exception>
    public T Read<T>(string collection, string id, Func<Snapshot, T> read)
    {
        Kept? kept;
        lock (_lock)
        {
            if (!_kept.TryGetValue(id, out kept) || kept.Collection != collection)
            {
                throw new SnapshotGoneException(id, Life);
            }

            kept.UserCount++;
        }

        try
        {
            return read(kept.Snapshot);
        }
        finally
        {
            lock (_lock)
            {
                kept.UserCount--;
                kept.UsedAt = _time.GetUtcNow();
                if (kept.UserCount == 0 && kept.IsTaken)
                {
                    kept.Snapshot.Dispose();
                }
            }
        }
    }

    /// <summary>Closes what is kept of a collection that is about to go; what is being read when that is done.</summary>
    public void Drop(string collection)
    {
        lock (_lock)
        {
            foreach (string id in _kept.Where(kept => kept.Value.Collection == collection).Select(kept => kept.Key).ToList())
            {
                Close(id);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            foreach (string id in _kept.Keys.ToList())
            {
                Close(id);
            }
        }
    }

    private void Expire()
    {
        lock (_lock)
        {
            DateTimeOffset now = _time.GetUtcNow();
            foreach (string id in _kept.Where(kept => kept.Value.UserCount == 0 && now - kept.Value.UsedAt > Life)
                .Select(kept => kept.Key).ToList())
            {
                Close(id);
            }
        }
    }

    private void Close(string id)
    {
        if (!_kept.Remove(id, out Kept? kept))
        {
            return;
        }

        // A search would fail in its midst, and whoever closes would wait for it with the lock of all the others.
        kept.IsTaken = true;
        if (kept.UserCount == 0)
        {
            kept.Snapshot.Dispose();
        }
    }

    private sealed class Kept(string collection, Snapshot snapshot)
    {
        public string Collection { get; } = collection;

        public Snapshot Snapshot { get; } = snapshot;

        public int UserCount { get; set; }

        /// <summary>True once it is off the shelf; its last user closes it.</summary>
        public bool IsTaken { get; set; }

        public DateTimeOffset UsedAt { get; set; }
    }
}
