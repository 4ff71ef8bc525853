using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Remote;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Libraries.Jobs;

namespace MultiVecRetrieval;

/// <summary>
/// Work that goes on after a call: one job at a time in each collection, collections side by side. A job stands in the catalog of its
/// collection from when it is accepted, and holds the collection's lock until it ends. Thread-safe.
/// </summary>
public sealed class LibraryJobs
{
    private const int ListedJobCount = 100;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new MetadataConverter() } };

    private readonly Library _library;
    private readonly ILogger? _logger;
    private readonly ConcurrentDictionary<string, LiveJob> _live = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);

    internal LibraryJobs(Library library, ILogger? logger)
    {
        _library = library;
        _logger = logger;
    }

    /// <summary>Indexes files and folders; see <see cref="Library.IndexAsync"/>.</summary>
    /// <param name="request">What to index; its collection must be there.</param>
    /// <param name="isUpload">True when the files are uploads that <see cref="LibraryUploads.StoreAsync"/> stored.</param>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="ClientVectorsException">Its vectors come from clients.</exception>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    public LibraryJob StartIndex(IndexRequest request, bool isUpload = false)
    {
        ArgumentNullException.ThrowIfNull(request);
        ClientVectorsException.ThrowIfIn(request.Collection, _library.GetWritableCollection(request.Collection));
        string json = JsonSerializer.Serialize(request, Json);
        return Start(isUpload ? JobKind.Upload : JobKind.Index, request.Collection, json,
            async (job, cancellationToken) =>
            {
                IndexReport report = await _library.IndexAsync(request, job, cancellationToken).ConfigureAwait(false);
                return ended => ended with { Report = report };
            });
    }

    /// <summary>Tries failed files again; see <see cref="Library.RetryAsync"/>.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    public LibraryJob StartRetry(string collection) => Start(JobKind.Retry, collection, "null",
        async (job, cancellationToken) =>
        {
            IndexReport report = await _library.RetryAsync(collection, job, cancellationToken).ConfigureAwait(false);
            return ended => ended with { Report = report };
        });

    /// <summary>Tries tiers; see <see cref="Library.TuneAsync"/> for the parameters.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    public LibraryJob StartTune(string collection, TuneRequest request, IReadOnlyList<string>? texts = null, bool apply = false)
    {
        ArgumentNullException.ThrowIfNull(request);
        string json = JsonSerializer.Serialize(
            new { request.Space, request.Recall, request.Tiers, Queries = texts ?? [], Apply = apply }, JsonSerializerOptions.Web);
        return Start(JobKind.Tune, collection, json, async (job, cancellationToken) =>
        {
            TuneReport report =
                await _library.TuneAsync(collection, request, texts, apply, job, cancellationToken).ConfigureAwait(false);
            return ended => ended with { Activity = null, Tuning = report };
        });
    }

    /// <summary>Lets a new model take the place of an old one; see <see cref="Library.ReplaceModelAsync"/>. The same request goes on
    /// where an earlier one ended.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    public LibraryJob StartReplace(ReplaceModelRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Start(JobKind.Replace, request.Collection, JsonSerializer.Serialize(request, Json), async (job, cancellationToken) =>
        {
            ModelReplacement done = await _library.ReplaceModelAsync(request, job, cancellationToken).ConfigureAwait(false);
            return ended => ended with { Report = done.Report, Replacement = done };
        });
    }

    /// <summary>Adds or changes an attribute; see <see cref="LibraryAttributes.SetAsync"/>.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    /// <exception cref="CollectionLockedException">Another process writes the collection.</exception>
    public LibraryJob StartAttribute(string collection, AttributeDefinition attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        return Start(JobKind.Attribute, collection, JsonSerializer.Serialize(attribute, Json), async (job, cancellationToken) =>
        {
            await _library.Attributes.SetAsync(collection, attribute, job, cancellationToken).ConfigureAwait(false);
            return ended => ended with { Activity = null };
        });
    }

    /// <summary>A job of any collection, or null when none knows it.</summary>
    public LibraryJob? Find(string id)
    {
        if (_live.TryGetValue(id, out LiveJob? live))
        {
            return live.Job;
        }

        foreach (string collection in _library.ListCollections())
        {
            if (_library.TryGetCollection(collection, out _)?.Jobs.Get(id) is { } record)
            {
                return JobRecords.Read(collection, record);
            }
        }

        return null;
    }

    /// <summary>The latest jobs of one collection or of all, newest first; at most 100.</summary>
    /// <exception cref="CollectionNotFoundException">There is no collection of that name.</exception>
    public IReadOnlyList<LibraryJob> List(string? collection = null)
    {
        IEnumerable<Collection> collections = collection is null
            ? _library.ListCollections().Select(name => _library.TryGetCollection(name, out _)).OfType<Collection>()
            : [_library.GetCollection(collection)];
        return [.. collections
            .SelectMany(known => known.Jobs.List(ListedJobCount).Select(record => JobRecords.Read(Path.GetFileName(known.Folder), record)))
            .Select(job => _live.TryGetValue(job.Id, out LiveJob? live) ? live.Job : job)
            .OrderByDescending(job => job.CreatedAt).ThenByDescending(job => job.Id, StringComparer.Ordinal)
            .Take(ListedJobCount)];
    }

    /// <summary>True while the job waits or runs in this process.</summary>
    public bool IsLive(string id) => _live.ContainsKey(id);

    /// <summary>Asks a job of this process to stop; false when it ended before or is none of it. What it has finished is kept.</summary>
    public bool Cancel(string id) => _live.TryGetValue(id, out LiveJob? live) && live.Cancel();

    /// <summary>Tells how far a job is, now and at every change, until it has ended.</summary>
    /// <param name="id">The job.</param>
    /// <param name="afterRevision">What is known already; 0 for nothing.</param>
    /// <param name="repeatAfter">Tell the present state again when nothing changed for so long; null for never.</param>
    /// <param name="cancellationToken">Stops following; the job goes on.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async IAsyncEnumerable<LibraryJob> FollowAsync(
        string id, long afterRevision = 0, TimeSpan? repeatAfter = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!_live.TryGetValue(id, out LiveJob? live))
        {
            if (Find(id) is { } ended)
            {
                yield return ended;
            }

            yield break;
        }

        long known = afterRevision;
        while (true)
        {
            (LibraryJob job, Task changed) = live.Read();
            if (job.Revision > known)
            {
                known = job.Revision;
                yield return job;
            }

            if (job.HasEnded)
            {
                yield break;
            }

            try
            {
                await changed.WaitAsync(repeatAfter ?? Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                known--;
            }
        }
    }

    /// <summary>Marks as interrupted what a former process left unfinished in collections that can be written now.</summary>
    public void MarkInterrupted()
    {
        foreach (string name in _library.ListCollections())
        {
            try
            {
                if (_library.TryGetCollection(name, out string? problem) is { IsWritable: true } collection)
                {
                    MarkInterrupted(name, collection);
                }
                else if (problem is not null)
                {
                    _logger?.LogError("Unfinished jobs of {Collection} could not be looked up: {Problem}", name, problem);
                }
            }
            catch (CollectionLockedException)
            {
                // Whoever opened it for writing has marked them.
            }
        }
    }

    /// <summary>Stops every job and waits for their ends; they are marked as interrupted, and what they finished is kept.</summary>
    public async Task StopAsync()
    {
        Task[] running;
        lock (_lock)
        {
            running = [.. _last.Values];
        }

        foreach (LiveJob job in _live.Values)
        {
            job.Interrupt();
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private LibraryJob Start(
        JobKind kind, string collection, string requestJson,
        Func<LiveJob, CancellationToken, Task<Func<LibraryJob, LibraryJob>>> run)
    {
        Collection store = _library.GetWritableCollection(collection);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        JobRecord record = new()
        {
            Id = Guid.CreateVersion7(now).ToString("n"),
            Kind = JobRecords.GetName(kind),
            State = JobRecords.GetName(JobState.Queued),
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

        LiveJob job = new(record, collection, store, held);
        _live[record.Id] = job;
        LibraryJob accepted = job.Job;
        lock (_lock)
        {
            Task before = _last.GetValueOrDefault(collection, Task.CompletedTask);
            _last[collection] = Task.Run(() => RunAfterAsync(before, job, run), CancellationToken.None);
        }

        return accepted;
    }

    private async Task RunAfterAsync(
        Task before, LiveJob job, Func<LiveJob, CancellationToken, Task<Func<LibraryJob, LibraryJob>>> run)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await RunAsync(job, run).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            _logger?.LogError(error, "The end of job {Job} in {Collection} could not be stored", job.Job.Id, job.Job.Collection);
        }
        finally
        {
            _live.TryRemove(job.Job.Id, out _);
            job.Dispose();
        }
    }

    // A job is the boundary at which every failure becomes a state that people can read.
    private async Task RunAsync(LiveJob job, Func<LiveJob, CancellationToken, Task<Func<LibraryJob, LibraryJob>>> run)
    {
        try
        {
            job.Cancellation.ThrowIfCancellationRequested();
            job.Update(started => started with { State = JobState.Running });
            Func<LibraryJob, LibraryJob> addOutcome = await run(job, job.Cancellation).ConfigureAwait(false);
            job.Update(ended => addOutcome(ended) with { State = JobState.Succeeded });
        }
        catch (IndexCanceledException error)
        {
            job.Update(ended => ended with { State = job.StoppedState, Report = error.Report });
        }
        catch (OperationCanceledException)
        {
            job.Update(ended => ended with { State = job.StoppedState });
        }
        catch (Exception error)
        {
            bool isForeseen = error is MediaException or ModelFormatException or RemoteEncoderException or ModelMismatchException
                or CollectionLockedException or ArgumentException or InvalidOperationException or IOException
                or UnauthorizedAccessException;
            _logger?.LogError(isForeseen ? null : error, "Job {Job} in {Collection} failed: {Reason}",
                job.Job.Id, job.Job.Collection, ErrorText.Get(error));
            job.Update(ended => ended with { State = JobState.Failed, Error = ErrorText.Get(error) });
        }
    }

    private void MarkInterrupted(string name, Collection collection)
    {
        IEnumerable<JobRecord> unfinished = collection.Jobs.List()
            .Where(record => !JobRecords.Read(name, record).HasEnded && !IsLive(record.Id));
        foreach (JobRecord record in unfinished)
        {
            collection.Jobs.Save(record with
            {
                State = JobRecords.GetName(JobState.Interrupted),
                Error = "The process ended before the job did. What it had finished is kept; start it again to go on.",
                UpdatedAt = DateTimeOffset.UtcNow,
            });
        }
    }
}
