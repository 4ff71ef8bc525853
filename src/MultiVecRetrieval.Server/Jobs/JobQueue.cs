using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Jobs;

/// <summary>Takes jobs, keeps them in the catalog of their collection, and finds them again. Thread-safe.</summary>
internal sealed class JobQueue(Library library)
{
    private const int ListedJobCount = 100;

    private readonly ConcurrentDictionary<string, LiveJob> _live = new(StringComparer.Ordinal);
    private readonly Channel<LiveJob> _waiting = Channel.CreateUnbounded<LiveJob>();

    public ChannelReader<LiveJob> Waiting => _waiting.Reader;

    /// <summary>Stores a job as queued and hands it to the runner.</summary>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    public JobBody Enqueue(string kind, string collection, IndexRequest? request) =>
        Enqueue(kind, collection, JsonSerializer.Serialize(request, JsonSerializerOptions.Web),
            record => new LiveJob(collection, request, record));

    /// <summary>The same for a job that tunes a space.</summary>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    public JobBody EnqueueTune(string collection, TuneBody request) =>
        Enqueue("tune", collection, JsonSerializer.Serialize(request, JsonSerializerOptions.Web),
            record => new LiveJob(collection, null, record) { Tune = request });

    private JobBody Enqueue(string kind, string collection, string requestJson, Func<JobRecord, LiveJob> create)
    {
        Collection store = library.GetWritableCollection(collection);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        JobRecord record = new()
        {
            Id = Guid.CreateVersion7(now).ToString("n"),
            Kind = kind,
            State = JobState.Queued,
            RequestJson = requestJson,
            CreatedAt = now,
            UpdatedAt = now,
        };
        IDisposable held = store.HoldLock();
        try
        {
            store.Jobs.Save(record);
        }
        catch
        {
            held.Dispose();
            throw;
        }

        LiveJob job = create(record);
        job.Save = store.Jobs.Save;
        job.HeldLock = held;
        _live[record.Id] = job;
        _waiting.Writer.TryWrite(job);
        return job.Read().Body;
    }

    /// <summary>The job while it runs in this process; null otherwise.</summary>
    public LiveJob? FindLive(string id) => _live.GetValueOrDefault(id);

    /// <exception cref="RequestException">No collection knows the job.</exception>
    public JobBody Get(string id)
    {
        if (FindLive(id) is { } live)
        {
            return live.Read().Body;
        }

        foreach (string collection in library.ListCollections())
        {
            if (library.GetCollection(collection).Jobs.Get(id) is { } record)
            {
                return JobBody.From(collection, record);
            }
        }

        throw RequestException.NotFound("unknown-job", $"There is no job '{id}'.");
    }

    /// <summary>The latest jobs of one collection or of all, newest first.</summary>
    public IReadOnlyList<JobBody> List(string? collection)
    {
        IEnumerable<string> names = collection is null ? library.ListCollections() : [collection];
        return [.. names
            .SelectMany(name => library.GetCollection(name).Jobs.List(ListedJobCount).Select(record => JobBody.From(name, record)))
            .Select(body => FindLive(body.Id)?.Read().Body ?? body)
            .OrderByDescending(body => body.CreatedAt).ThenByDescending(body => body.Id, StringComparer.Ordinal)
            .Take(ListedJobCount)];
    }

    /// <summary>Lets go of an ended job; the catalog has it.</summary>
    public void Forget(LiveJob job) => _live.TryRemove(job.Read().Body.Id, out _);

    /// <summary>Marks the jobs that a former process left unfinished.</summary>
    public void MarkInterrupted()
    {
        foreach (string name in library.ListCollections())
        {
            Collection collection = library.GetCollection(name);
            if (!collection.IsWritable)
            {
                continue;
            }

            try
            {
                MarkInterrupted(collection);
            }
            catch (CollectionLockedException)
            {
                // Whoever opened it for writing has marked them.
            }
        }
    }

    private void MarkInterrupted(Collection collection)
    {
        foreach (JobRecord record in collection.Jobs.List()
            .Where(record => !JobState.IsFinal(record.State) && FindLive(record.Id) is null))
        {
            collection.Jobs.Save(record with
            {
                State = JobState.Interrupted,
                Error = "The server stopped before the job ended. What it had finished is kept; start it again to go on.",
                UpdatedAt = DateTimeOffset.UtcNow,
            });
        }
    }
}
