using System.Text.Json;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Jobs;

/// <summary>
/// A job of this process: its record, the number of its changes, and a signal for those who follow it. Thread-safe.
/// </summary>
internal sealed class LiveJob(string collection, IndexRequest? request, JobRecord record) : IProgress<IndexProgress>, IDisposable
{
    // Progress comes up to hundreds of times a second; followers and the catalog need far fewer.
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _cancellation = new();
    private TaskCompletionSource _changed = NewSignal();
    private JobBody _body = JobBody.From(collection, record);
    private IndexProgress? _latest;
    private long _sequence = 1;
    private DateTimeOffset _savedAt;
    private DateTimeOffset _publishedAt;
    private bool _isDisposed;

    public string Collection { get; } = collection;

    /// <summary>What to index; null to try the failed files again, or to tune.</summary>
    public IndexRequest? Request { get; } = request;

    /// <summary>What to tune; null when the job indexes.</summary>
    public TuneBody? Tune { get; init; }

    /// <summary>Writes a record to the catalog; set by the queue.</summary>
    public Action<JobRecord>? Save { get; set; }

    /// <summary>The lock of the collection, held from when the job is accepted until it has ended.</summary>
    public IDisposable? HeldLock { get; set; }

    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Asks the job to stop; no effect once it ended.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _cancellation.Cancel();
            }
        }
    }

    /// <summary>The present state, the number of the change that made it, and a task that ends at the next change.</summary>
    public (JobBody Body, long Sequence, Task Changed) Read()
    {
        lock (_lock)
        {
            return (_body, _sequence, _changed.Task);
        }
    }

    public void Report(IndexProgress value)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        lock (_lock)
        {
            _latest = value;
            if (now - _publishedAt < PublishInterval || JobState.IsFinal(_body.State))
            {
                return;
            }

            _publishedAt = now;
        }

        bool save = now - _savedAt >= SaveInterval;
        Update(body => body with { Progress = value }, save);
    }

    /// <summary>Changes the state and tells the followers; <paramref name="save"/> also tells the catalog.</summary>
    public void Update(Func<JobBody, JobBody> change, bool save = true)
    {
        JobBody body;
        lock (_lock)
        {
            body = change(_body) with { UpdatedAt = DateTimeOffset.UtcNow };
            // The end tells the last counts, also when they came too soon after others to be told by themselves.
            _body = body = JobState.IsFinal(body.State) && _latest is not null ? body with { Progress = _latest } : body;
            _sequence++;
            TaskCompletionSource changed = _changed;
            _changed = NewSignal();
            changed.SetResult();
        }

        if (save)
        {
            _savedAt = body.UpdatedAt;
            Save?.Invoke(ToRecord(body));
        }
    }

    public JobRecord ToRecord() => ToRecord(Read().Body);

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _cancellation.Dispose();
        }

        HeldLock?.Dispose();
    }

    private JobRecord ToRecord(JobBody body) => record with
    {
        State = body.State,
        ProgressJson = JsonSerializer.Serialize(new JobBody.JobOutcome(body.Progress, body.Report, body.Tuning), JsonSerializerOptions.Web),
        Error = body.Error,
        UpdatedAt = body.UpdatedAt,
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
