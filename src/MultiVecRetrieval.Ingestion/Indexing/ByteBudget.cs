namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>Bytes that may be held at once. A request larger than the whole budget is granted when nothing else is held.</summary>
internal sealed class ByteBudget(long limit)
{
    private readonly Lock _lock = new();
    private long _held;

    /// <summary>Bytes held now.</summary>
    public long Held
    {
        get
        {
            lock (_lock)
            {
                return _held;
            }
        }
    }

    public bool TryAcquire(long bytes)
    {
        lock (_lock)
        {
            if (_held > 0 && _held + bytes > limit)
            {
                return false;
            }

            _held += bytes;
            return true;
        }
    }

    public void Release(long bytes)
    {
        lock (_lock)
        {
            _held -= bytes;
        }
    }
}
