namespace MultiVecRetrieval.Ann;

/// <summary>Working memories that no search uses now. Lock-free; keeps a few, what is beyond is left to the garbage collector.</summary>
internal sealed class SearchPool<T>
    where T : class
{
    private readonly T?[] _idle = new T?[Math.Max(8, 2 * Environment.ProcessorCount)];

    /// <summary>An idle one; null when there is none.</summary>
    public T? Rent()
    {
        for (int i = 0; i < _idle.Length; i++)
        {
            if (_idle[i] is not null && Interlocked.Exchange(ref _idle[i], null) is { } search)
            {
                return search;
            }
        }

        return null;
    }

    public void Return(T search)
    {
        for (int i = 0; i < _idle.Length; i++)
        {
            if (_idle[i] is null && Interlocked.CompareExchange(ref _idle[i], search, null) is null)
            {
                return;
            }
        }
    }
}
