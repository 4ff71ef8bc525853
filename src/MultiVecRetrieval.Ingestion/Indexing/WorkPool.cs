namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// The work of a run: pictures and sections to encode first, then pieces to read in the order of the documents. A worker reads and encodes
/// on one thread, and hands something over only to a worker that has nothing else to do; so at most one picture a worker is held beyond
/// those being encoded, and no worker waits while there is work.
/// </summary>
/// <param name="mayRead">False while too many rows wait to be written; the piece is the next one in order.</param>
internal sealed class WorkPool(Func<ReadJob, bool> mayRead)
{
    // Enough to know the totals of a usual folder early, and bounded for a folder of millions.
    private const int MaxWaitingReads = 20_000;

    private readonly object _lock = new();
    private readonly Queue<EncodeJob> _encodes = new();
    private readonly Queue<ReadJob> _reads = new();
    private int _idleCount;
    private int _activeCount;
    private bool _isComplete;
    private bool _isStopped;

    public void Add(ReadJob read)
    {
        lock (_lock)
        {
            while (_reads.Count >= MaxWaitingReads && !_isStopped)
            {
                Monitor.Wait(_lock, millisecondsTimeout: 100);
            }

            _reads.Enqueue(read);
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>No more pieces will come.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _isComplete = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Workers stop after what they are doing.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Gives what is to be encoded to a worker that has nothing to do; false when there is none.</summary>
    public bool TryHandOver(EncodeJob job)
    {
        lock (_lock)
        {
            if (_isStopped || _encodes.Count >= _idleCount)
            {
                return false;
            }

            _encodes.Enqueue(job);
            Monitor.PulseAll(_lock);
            return true;
        }
    }

    /// <summary>What waits to be encoded, or null; call <see cref="EncodeDone"/> after encoding it.</summary>
    public EncodeJob? TryTakeEncode()
    {
        lock (_lock)
        {
            _activeCount += _encodes.Count > 0 ? 1 : 0;
            return _encodes.TryDequeue(out EncodeJob? job) ? job : null;
        }
    }

    public void EncodeDone()
    {
        lock (_lock)
        {
            _activeCount--;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Does work until there is none left or the pool is stopped.</summary>
    public void Work(ReadContext context)
    {
        while (Take() is { } work)
        {
            try
            {
                work(context);
            }
            finally
            {
                EncodeDone();
            }
        }
    }

    private static void Read(ReadJob read, ReadContext context)
    {
        try
        {
            if (!read.Document.IsOver)
            {
                read.Read(context);
            }
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            read.Document.Abandon();
        }
        catch (Exception error) when (!FailureReason.IsOfModel(error))
        {
            read.Document.Fail(error);
        }
    }

    private Action<ReadContext>? Take()
    {
        lock (_lock)
        {
            while (true)
            {
                if (_isStopped || (_isComplete && _activeCount == 0 && _encodes.Count == 0 && _reads.Count == 0))
                {
                    Monitor.PulseAll(_lock);
                    return null;
                }

                if (_encodes.TryDequeue(out EncodeJob? job))
                {
                    _activeCount++;
                    return context => job.Encode(context.CancellationToken);
                }

                // With nothing going on, the next piece may always be read: otherwise rows that wait for it would wait for ever.
                if (_reads.TryPeek(out ReadJob? read) && (_activeCount == 0 || mayRead(read)))
                {
                    _activeCount++;
                    Monitor.PulseAll(_lock);
                    ReadJob next = _reads.Dequeue();
                    return context => Read(next, context);
                }

                _idleCount++;
                Monitor.Wait(_lock, millisecondsTimeout: 100);
                _idleCount--;
            }
        }
    }
}
