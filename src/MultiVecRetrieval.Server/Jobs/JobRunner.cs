using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Server.Jobs;

/// <summary>Runs queued jobs: one at a time in each collection, collections side by side.</summary>
internal sealed class JobRunner(JobQueue queue, Library library, ILogger<JobRunner> logger) : BackgroundService
{
    private readonly Dictionary<string, Task> _last = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Run(MarkInterrupted, stoppingToken);
        try
        {
            await foreach (LiveJob job in queue.Waiting.ReadAllAsync(stoppingToken))
            {
                Task before = _last.GetValueOrDefault(job.Collection, Task.CompletedTask);
                _last[job.Collection] = RunAfterAsync(before, job, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(_last.Values);
        }
    }

    // A collection that cannot be opened must not keep the server from serving the others.
    private void MarkInterrupted()
    {
        try
        {
            queue.MarkInterrupted();
        }
        catch (Exception e) when (e is CorruptSegmentException or UnsupportedFormatException or CollectionNotFoundException)
        {
            logger.LogError(e, "Unfinished jobs could not be looked up");
        }
    }

    private async Task RunAfterAsync(Task before, LiveJob job, CancellationToken stoppingToken)
    {
        await before;
        await RunAsync(job, stoppingToken);
    }

    // A job is the boundary at which every failure becomes a state that people can read.
    private async Task RunAsync(LiveJob job, CancellationToken stoppingToken)
    {
        using CancellationTokenSource linked = CancellationTokenSource.CreateLinkedTokenSource(job.Cancellation, stoppingToken);
        try
        {
            linked.Token.ThrowIfCancellationRequested();
            job.Update(body => body with { State = JobState.Running });
            if (job.Tune is { } tune)
            {
                await TuneAsync(job, tune, linked.Token);
                return;
            }

            IndexReport report = job.Request is null
                ? await library.RetryAsync(job.Collection, job, linked.Token)
                : await library.IndexAsync(job.Request, job, linked.Token);
            job.Update(body => body with { State = JobState.Succeeded, Report = report });
        }
        catch (IndexCanceledException e)
        {
            job.Update(body => body with { State = Stopped(stoppingToken), Report = e.Report });
        }
        catch (OperationCanceledException)
        {
            job.Update(body => body with { State = Stopped(stoppingToken) });
        }
        catch (Exception e)
        {
            bool isForeseen = e is MediaException or ModelFormatException or ModelMismatchException or CollectionLockedException
                or ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException;
            logger.LogError(isForeseen
                ? null
                : e, "Job {Job} in {Collection} failed: {Reason}", job.Read().Body.Id, job.Collection, ErrorText.Get(e));
            job.Update(body => body with { State = JobState.Failed, Error = ErrorText.Get(e) });
        }
        finally
        {
            queue.Forget(job);
            job.Dispose();
        }
    }

    private async Task TuneAsync(LiveJob job, TuneBody tune, CancellationToken cancellationToken)
    {
        TuneReport report = await library.TuneAsync(
            job.Collection,
            new TuneRequest { Space = tune.Space!, Recall = tune.Recall ?? 0.95, Tiers = tune.Tiers },
            tune.Queries,
            tune.Apply,
            new Activity(job),
            cancellationToken);
        job.Update(body => body with { State = JobState.Succeeded, Activity = null, Tuning = report });
    }

    private sealed class Activity(LiveJob job) : IProgress<string>
    {
        public void Report(string value) => job.Update(body => body with { Activity = value }, save: false);
    }

    private static string Stopped(CancellationToken stoppingToken) =>
        stoppingToken.IsCancellationRequested ? JobState.Interrupted : JobState.Cancelled;
}
