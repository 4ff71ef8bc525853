namespace MultiVecRetrieval.Cluster.Copies;

/// <summary>
/// Keeps pushes and the removal of blocks apart: each puts a mark, then looks for one of the other kind, so that of two that begin at once
/// at least one sees the other. A mark that nobody renewed for a day is of a process that is no more.
/// </summary>
internal sealed class CopyMarks(IObjectStore store, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan Renewal = TimeSpan.FromHours(1);

    private DateTimeOffset _renewedAt;

    /// <exception cref="CopiesBusyException">Blocks are being removed.</exception>
    public Task<string> BeginPushAsync(CancellationToken cancellationToken) => BeginAsync(
        CopyKeys.PushMarks, CopyKeys.CollectMarks, "what no copy needs is being removed from it", cancellationToken);

    /// <exception cref="CopiesBusyException">A push is under way.</exception>
    public Task<string> BeginCollectAsync(CancellationToken cancellationToken) => BeginAsync(
        CopyKeys.CollectMarks, CopyKeys.PushMarks, "a push is under way", cancellationToken);

    public async Task RenewAsync(string mark, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - _renewedAt >= Renewal)
        {
            await CheckAsync(mark, cancellationToken).ConfigureAwait(false);
            await PutAsync(mark, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <exception cref="CopiesBusyException">The mark is no longer there: others took this process for dead.</exception>
    public async Task CheckAsync(string mark, CancellationToken cancellationToken)
    {
        try
        {
            await store.GetAsync(mark, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectNotFoundException)
        {
            throw new CopiesBusyException(
                store.Address, "this one paused for more than a day, and what it counted on may have been removed; begin again", mark);
        }
    }

    // A mark that stays for want of a connection does no harm but to hold up the other kind for a day.
    public async Task EndAsync(string mark)
    {
        try
        {
            await store.DeleteAsync(mark, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ObjectStoreException)
        {
        }
    }

    private async Task<string> BeginAsync(string own, string other, string reason, CancellationToken cancellationToken)
    {
        string mark = own + Guid.NewGuid().ToString("n");
        await PutAsync(mark, cancellationToken).ConfigureAwait(false);
        try
        {
            await foreach (StoredObject found in store.ListAsync(other, cancellationToken).ConfigureAwait(false))
            {
                if (time.GetUtcNow() - found.ModifiedAt < Lifetime)
                {
                    throw new CopiesBusyException(store.Address, reason, found.Key);
                }

                await store.DeleteAsync(found.Key, cancellationToken).ConfigureAwait(false);
            }

            return mark;
        }
        catch
        {
            await EndAsync(mark).ConfigureAwait(false);
            throw;
        }
    }

    private async Task PutAsync(string mark, CancellationToken cancellationToken)
    {
        await store.PutAsync(mark, "{}"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        _renewedAt = time.GetUtcNow();
    }
}
