namespace MultiVecRetrieval.Server.Watching;

/// <summary>Indexes the folders of <c>server:watch</c> whenever they change, as long as the server lives.</summary>
internal sealed partial class WatchHost(Library library, ServerOptions options, WatchStates states, ILogger<WatchHost> logger)
    : BackgroundService
{
    private const int NoticeCount = 10;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(WatchedFolders.Parse(options.Watch).Select(watched => WatchAsync(watched, stoppingToken)));

    private async Task WatchAsync(WatchedFolders watched, CancellationToken stoppingToken)
    {
        string collection = watched.Collection;
        states.Change(collection, state => state with { Paths = watched.Paths });
        IndexRequest request = new() { Collection = collection, Paths = watched.Paths };
        WatchOptions watching = new() { SweepInterval = options.WatchInterval };

        // Opening a collection takes a while; the server starts meanwhile.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await library.WatchAsync(request, watching, IndexAsync, new Told(states, logger, collection), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is (another process that writes, a model that is gone), watching goes on and says so.
            catch (Exception error)
#pragma warning restore CA1031
            {
                string reason = ErrorText.Get(error);
                states.Change(collection, state => state with { State = "failed", Problem = reason });
                LogFailure(logger, collection, reason);
                await Task.Delay(options.WatchInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task IndexAsync(IndexRequest request, CancellationToken cancellationToken)
    {
        states.Change(request.Collection, state => state with { State = "indexing" });
        IndexReport report = await library.IndexAsync(request, cancellationToken: cancellationToken);
        states.Change(
            request.Collection, state => state with { State = "waiting", LookedAt = DateTimeOffset.UtcNow, Problem = null });
        if (report.Indexed + report.Renamed + report.Removed + report.Failed.Count > 0)
        {
            LogRun(logger, request.Collection, report.Indexed, report.Renamed, report.Removed, report.Failed.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Collection {Collection} cannot be watched now: {Reason}")]
    private static partial void LogFailure(ILogger logger, string collection, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Collection {Collection}: {Notice}")]
    private static partial void LogNotice(ILogger logger, string collection, string notice);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Collection {Collection}: {Indexed} files indexed, {Renamed} renamed, {Removed} removed, {Failed} failed")]
    private static partial void LogRun(ILogger logger, string collection, long indexed, long renamed, long removed, int failed);

    private sealed class Told(WatchStates states, ILogger logger, string collection) : IProgress<string>
    {
        public void Report(string value)
        {
            LogNotice(logger, collection, value);
            states.Change(collection, state => state with { Notices = [.. state.Notices.Append(value).TakeLast(NoticeCount)] });
        }
    }
}
