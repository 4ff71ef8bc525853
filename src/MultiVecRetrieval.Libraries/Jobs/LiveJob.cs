namespace MultiVecRetrieval.Libraries.Jobs;

/// <summary>A job of this process: how far it is, and a signal for those who follow it. Thread-safe.</summary>
/// <param name="record">As it was stored when it was accepted.</param>
/// <param name="collection">Name of the collection.</param>
/// <param name="store">The collection, which keeps the record.</param>
/// <param name="heldLock">The lock of the collection, held from when the job is accepted until it has ended.</param>
internal sealed class LiveJob(JobRecord record, string collection, Collection store, IDisposable heldLock)
    : IProgress<IndexProgress>, IProgress<string>, IDisposable
{
    // Progress comes up to hundreds of times a second; followers and the catalog need far fewer.
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();

    // Apart from the other, so that nobody who asks how far it is waits for the disk.
    private readonly Lock _saving = new();
    private readonly CancellationTokenSource _cancellation = new();
    private TaskCompletionSource _changed = NewSignal();
    private LibraryJob _job = JobRecords.Read(collection, record);
    private IndexProgress? _latest;
    private DateTimeOffset _savedAt;
    private long _savedRevision = -1;
    private DateTimeOffset _publishedAt;
    private bool _isDisposed;

    /// <summary>How far it is now.</summary>
    public LibraryJob Job
    {
        get
        {
            lock (_lock)
            {
                return _job;
            }
        }
    }

    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>What a job is that stopped before its end.</summary>
    public JobState StoppedState { get; private set; } = JobState.Cancelled;

    /// <summary>Asks the job to stop; false once it ended.</summary>
    public bool Cancel()
    {
        lock (_lock)
        {
            if (_isDisposed || _job.HasEnded)
            {
                return false;
            }

            _cancellation.Cancel();
            return true;
        }
    }

    /// <summary>Stops the job because the process ends.</summary>
    public void Interrupt()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                StoppedState = JobState.Interrupted;
                _cancellation.Cancel();
            }
        }
    }

    /// <summary>How far it is, and a task that ends at the next change.</summary>
    public (LibraryJob Job, Task Changed) Read()
    {
        lock (_lock)
        {
            return (_job, _changed.Task);
        }
    }

    void IProgress<IndexProgress>.Report(IndexProgress value)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        bool saves;
        lock (_lock)
        {
            _latest = value;
            if (now - _publishedAt < PublishInterval || _job.HasEnded)
            {
                return;
            }

            _publishedAt = now;
            saves = now - _savedAt >= SaveInterval;
            _savedAt = saves ? now : _savedAt;
        }

        Update(job => job with { Progress = value }, saves);
    }

    void IProgress<string>.Report(string value) => Update(job => job with { Activity = value }, save: false);

    /// <summary>Changes the state and tells the followers; <paramref name="save"/> also tells the catalog.</summary>
    public void Update(Func<LibraryJob, LibraryJob> change, bool save = true)
    {
        lock (_lock)
        {
            LibraryJob job = change(_job) with { UpdatedAt = DateTimeOffset.UtcNow, Revision = _job.Revision + 1 };

            // The end tells the last counts, also when they came too soon after others to be told by themselves.
            _job = job.HasEnded && _latest is not null ? job with { Progress = _latest } : job;
            TaskCompletionSource changed = _changed;
            _changed = NewSignal();
            changed.SetResult();
        }

        if (save)
        {
            Save();
        }
    }

    // The newest state, whoever comes here last: an older one must not take the place of the end.
    private void Save()
    {
        lock (_saving)
        {
            LibraryJob newest = Job;
            if (newest.Revision > _savedRevision)
            {
                store.Jobs.Save(JobRecords.Write(record, newest));
                _savedRevision = newest.Revision;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _cancellation.Dispose();
        }

        heldLock.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
