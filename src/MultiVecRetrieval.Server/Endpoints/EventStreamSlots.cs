namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Bounds the number of event streams that are open at once. Thread-safe.</summary>
internal sealed class EventStreamSlots(ServerOptions options)
{
    private int _taken;

    /// <summary>Takes a slot until the result is disposed.</summary>
    /// <exception cref="RequestException">All are taken.</exception>
    public IDisposable Take()
    {
        if (Interlocked.Increment(ref _taken) > options.MaxEventStreams)
        {
            Interlocked.Decrement(ref _taken);
            throw new RequestException(StatusCodes.Status503ServiceUnavailable, "too-many-streams",
                $"{options.MaxEventStreams} event streams are open, the most allowed (setting server:maxEventStreams).")
            { Setting = "server:maxEventStreams", Limit = options.MaxEventStreams };
        }

        return new Slot(this);
    }

    private sealed class Slot(EventStreamSlots owner) : IDisposable
    {
        private int _isReturned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReturned, 1) == 0)
            {
                Interlocked.Decrement(ref owner._taken);
            }
        }
    }
}
