namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>A clock whose waits are over at once: time steps ahead by what was waited for, after something has happened during the
/// first.</summary>
internal sealed class SteppingClock(Action onFirstWait) : TimeProvider
{
    private TimeSpan _ahead;

    public int Waits { get; private set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (Waits++ == 0)
        {
            onFirstWait();
        }

        _ahead += dueTime;
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
