namespace MultiVecRetrieval.Server.Endpoints;

/// <summary>Bounds the number of event streams that are open at once. Thread-safe.</summary>
internal sealed class EventStreamSlots(ServerOptions options)
{
    private int _taken;

    /// <summary>Takes a slot until the request is over, whether anything of the stream was written or not.</summary>
    /// <exception cref="RequestException">All are taken.</exception>
    public void Hold(HttpContext context)
    {
        if (Interlocked.Increment(ref _taken) > options.MaxEventStreams)
        {
            Interlocked.Decrement(ref _taken);
            throw new RequestException(StatusCodes.Status503ServiceUnavailable, "too-many-streams",
                $"{options.MaxEventStreams} event streams are open, the most allowed (setting server:maxEventStreams).")
            { Setting = "server:maxEventStreams", Limit = options.MaxEventStreams };
        }

        context.Response.RegisterForDispose(new Slot(this));
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
