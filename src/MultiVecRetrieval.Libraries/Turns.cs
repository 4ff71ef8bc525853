namespace MultiVecRetrieval.Libraries;

/// <summary>Runs work that keeps a processor busy on threads of the pool, so much of it at once; what waits holds no thread.</summary>
/// <param name="count">How much at once.</param>
internal sealed class Turns(int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);

    /// <summary>How much runs at once.</summary>
    public int Count { get; } = count;

    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(work, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
