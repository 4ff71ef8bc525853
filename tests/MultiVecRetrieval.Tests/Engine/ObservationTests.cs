using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MultiVecRetrieval.Files;
using MultiVecRetrieval.Tests.Engine.Tiers;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>What a collection does by itself can be seen from outside: in the log, in the statistics, as activities.</summary>
public sealed class ObservationTests
{
    [Fact]
    public void BackgroundMerge_ThatFails_IsLoggedAndInTheStatistics()
    {
        using TemporaryFolder folder = new();
        using RecordedLog log = new();
        CollectionOptions options =
            new() { Spaces = [Samples.Space()], MergeSegmentCount = 2, BuildTiersInBackground = false, LoggerFactory = log };
        using Collection collection = Collection.Create(folder.PathOf("c"), options, new StorageOfOneThread());

        AddRows(collection, "a");
        Assert.Null(collection.GetStatistics().BackgroundProblem);
        AddRows(collection, "b");

        RecordedLine line = log.WaitForOne();
        Assert.Equal((LogLevel.Error, typeof(IOException)), (line.Level, line.Error?.GetType()));
        Assert.Contains(folder.PathOf("c"), line.Text, StringComparison.Ordinal);
        Assert.Equal(StorageOfOneThread.Message, collection.GetStatistics().BackgroundProblem);
    }

    [Fact]
    public void Training_ThatFails_IsLoggedWithTierAndReason()
    {
        using TemporaryFolder folder = new();
        using RecordedLog log = new();
        using Collection collection = Collection.Create(folder.PathOf("c"), TierSamples.Options() with { LoggerFactory = log });
        TierSamples.Fill(collection, documents: 5);
        collection.Tiers.Set("words", ["codes:60000"]);

        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);

        RecordedLine line = log.WaitForOne();
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains("codes:60000", line.Text, StringComparison.Ordinal);
        Assert.Contains("at least 60000 rows", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Activities_OfACollection_NameItTheSpaceAndCounts()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder.PathOf("pages"), TierSamples.Options());
        using RecordedActivities recorded = new();

        TierSamples.Fill(collection, documents: 10);
        collection.Upkeep.MergeSegments(TestContext.Current.CancellationToken);
        collection.Tiers.Set("words", ["int8"]);
        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
        SearchResult result = collection.Search(TierSamples.Request(TierSamples.Query(1)), TestContext.Current.CancellationToken);

        Assert.Equal(
            ["mvr.commit", "mvr.merge", "mvr.train", "mvr.search"],
            recorded.Ended.Select(one => one.OperationName).Where(name => !name.StartsWith("mvr.search.", StringComparison.Ordinal)).Distinct());
        Assert.All(recorded.Ended, one => Assert.Equal("pages", one.GetTagItem("mvr.collection")));
        Assert.Equal((1, 5), Tags(recorded.First("mvr.commit"), "mvr.document_count", "mvr.entry_count"));
        Assert.Equal(("words", 10), Tags(recorded.First("mvr.merge"), "mvr.space", "mvr.segment_count"));
        Assert.Equal(("words", "int8"), Tags(recorded.First("mvr.train"), "mvr.space", "mvr.tier"));
        Assert.Equal(("words", result.Hits.Count), Tags(recorded.First("mvr.search"), "mvr.space", "mvr.hit_count"));
    }

    [Fact]
    public void Activities_OfASearch_HoldItsStages()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder.PathOf("pages"), TierSamples.Options());
        TierSamples.Fill(collection, documents: 3);
        using RecordedActivities recorded = new();

        SearchResult result = collection.Search(
            TierSamples.Request(TierSamples.Query(1)) with { Text = "page" }, TestContext.Current.CancellationToken);

        Activity search = recorded.First("mvr.search");
        Activity[] stages = [.. recorded.Ended.Where(one => one != search)];
        Assert.All(stages, stage => Assert.Equal(search.SpanId, stage.ParentSpanId));
        Assert.Equal(
            result.TimingsMs.Keys.Where(stage => stage != "total" && !stage.Contains('/')).Order(StringComparer.Ordinal),
            stages.Select(stage => stage.OperationName["mvr.search.".Length..]).Distinct().Order(StringComparer.Ordinal));
        Assert.Contains("mvr.search.text", stages.Select(stage => stage.OperationName));
    }

    [Fact]
    public void Activities_OfASearchThatFails_HaveTheStatusOfAnError()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder.PathOf("c"), TierSamples.Options());
        using RecordedActivities recorded = new();

        Assert.Throws<ArgumentException>(() => collection.Search(new SearchRequest(), TestContext.Current.CancellationToken));

        Activity search = Assert.Single(recorded.Ended);
        Assert.Equal((ActivityStatusCode.Error, nameof(ArgumentException)), (search.Status, search.StatusDescription));
    }

    [Fact]
    public void Activities_OfIndexing_HoldItsCommitsAndCounts()
    {
        using SampleLibrary sample = new();
        sample.WritePicture("a.png");
        using RecordedActivities recorded = new();

        sample.Index(cancellationToken: TestContext.Current.CancellationToken);

        Activity index = recorded.First("mvr.index");
        Assert.Equal((1L, 0), Tags(index, "mvr.indexed_count", "mvr.failed_count"));
        Assert.Equal(SampleLibrary.Collection, index.GetTagItem("mvr.collection"));
    }

    private static void AddRows(Collection collection, string key) =>
        Samples.AddDocument(collection, key, Samples.Content(key, Samples.Rows(new Random(Seed: 1), 3, 8)));

    private static (object? First, object? Second) Tags(Activity activity, string first, string second) =>
        (activity.GetTagItem(first), activity.GetTagItem(second));

    private sealed record RecordedLine(LogLevel Level, string Text, Exception? Error);

    /// <summary>Keeps what is logged as a warning or worse.</summary>
    private sealed class RecordedLog : ILoggerFactory, ILogger
    {
        private readonly BlockingCollection<RecordedLine> _lines = [];

        public RecordedLine WaitForOne()
        {
            Assert.True(_lines.TryTake(out RecordedLine? line, TimeSpan.FromMinutes(1)), "Nothing was logged.");
            return line;
        }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Add(new RecordedLine(logLevel, formatter(state, exception), exception));

        public void Dispose() => _lines.Dispose();
    }

    /// <summary>Keeps the activities of its own trace alone, so that tests that run beside this one are not seen and pay nothing.</summary>
    private sealed class RecordedActivities : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = new();
        private readonly Activity _root = new Activity("test").Start();
        private readonly ActivityListener _listener;

        public RecordedActivities()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == Activities.SourceName,
                Sample = (ref options) =>
                    options.Parent.TraceId == _root.TraceId ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
                ActivityStopped = activity =>
                {
                    // Another listener of the process may want what this one does not.
                    if (activity.TraceId == _root.TraceId)
                    {
                        _ended.Enqueue(activity);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyCollection<Activity> Ended => _ended;

        public Activity First(string name) => _ended.First(activity => activity.OperationName == name);

        public void Dispose()
        {
            _listener.Dispose();
            _root.Dispose();
        }
    }

    /// <summary>Storage that makes no file for any thread but the one that made it: background work fails, commits do not.</summary>
    private sealed class StorageOfOneThread : Storage
    {
        public const string Message = "No space left on device.";

        private readonly int _owner = Environment.CurrentManagedThreadId;

        public override FileStream Create(string path) =>
            Environment.CurrentManagedThreadId == _owner ? base.Create(path) : throw new IOException(Message);
    }
}
