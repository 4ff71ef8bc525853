using System.Diagnostics;
using System.Diagnostics.Metrics;
using MultiVecRetrieval.Libraries.Collections;

namespace MultiVecRetrieval.Libraries;

/// <summary>
/// What a library does, as instruments of the meter <see cref="Activities.SourceName"/>; docs/http.md lists them. Without a listener
/// nothing is computed.
/// </summary>
internal sealed class LibraryMetrics : IDisposable
{
    private const string CollectionTag = "mvr.collection";
    private const string ErrorTag = "error.type";
    private const string TotalStage = "total";

    private static readonly TimeSpan SizesLifetime = TimeSpan.FromSeconds(1);

    private readonly Meter _meter = new(Activities.SourceName);
    private readonly OpenCollections _collections;
    private readonly Histogram<double> _searchDuration;
    private readonly Histogram<double> _stageDuration;
    private readonly Histogram<double> _indexDuration;
    private readonly Counter<long> _entries;
    private readonly Counter<long> _files;
    private readonly Lock _lock = new();
    private IReadOnlyList<(string Name, CollectionStatistics Statistics)> _sizes = [];
    private long? _sizesAt;

    public LibraryMetrics(OpenCollections collections)
    {
        _collections = collections;
        _searchDuration = _meter.CreateHistogram(
            "mvr.search.duration",
            unit: "s",
            description: "Time of searches as a caller sees it: waiting for a processor, encoding the query, searching.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [.001, .0025, .005, .01, .02, .03, .05, .075, .1, .25, .5, 1, 2.5, 5, 10],
            });
        _stageDuration = _meter.CreateHistogram(
            "mvr.search.stage.duration",
            unit: "s",
            description: "Time of the stages of searches: encoding, each side, joining them, loading and explaining the hits.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [.0001, .0005, .001, .0025, .005, .01, .02, .03, .05, .075, .1, .25, .5, 1, 2.5, 5],
            });
        _indexDuration = _meter.CreateHistogram(
            "mvr.index.duration",
            unit: "s",
            description: "Time of runs of indexing, with what they waited for others.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.1, .5, 1, 5, 10, 30, 60, 300, 900, 3600, 14400] });
        _entries = _meter.CreateCounter<long>(
            "mvr.index.entries", unit: "{entry}", description: "Entries (images, pages, videos, sections of texts) that indexing encoded or copied.");
        _files = _meter.CreateCounter<long>(
            "mvr.index.files", unit: "{file}", description: "Files that indexing dealt with.");
        Observe("mvr.collection.documents", "{document}", "Documents of a collection.", statistics => statistics.DocumentCount);
        Observe("mvr.collection.entries", "{entry}", "Entries of a collection.", statistics => statistics.EntryCount);
        Observe("mvr.collection.size", "By", "Catalog and files in use of a collection.", statistics => statistics.SizeInBytes);
    }

    /// <summary>Measures a search, from before it waits.</summary>
    public async Task<SearchResult> MeasureAsync(LibraryQuery query, Func<Task<SearchResult>> search)
    {
        long start = Stopwatch.GetTimestamp();
        TagList tags = new() { { "mvr.search.effort", Describe(query.Effort) } };
        try
        {
            SearchResult result = await search().ConfigureAwait(false);
            tags.Add(CollectionTag, query.Collection);
            RecordStages(query.Collection, result.TimingsMs);
            tags.Add("mvr.search.plan", Describe(result.Plans));
            tags.Add("mvr.search.outcome", result.Hits.Count == 0 ? "empty" : result.Hits.Any(hit => hit.IsLikely) ? "likely" : "nearest");
            return result;
        }
        catch (Exception error)
        {
            // Whoever asks for collections that are not there must not make a series of each name.
            if (_collections.List().Contains(query.Collection))
            {
                tags.Add(CollectionTag, query.Collection);
            }

            tags.Add(ErrorTag, error.GetType().FullName);
            throw;
        }
        finally
        {
            _searchDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);
        }
    }

    /// <summary>Measures a run of indexing; its work takes the progress that is counted and handed on.</summary>
    public async Task<IndexReport> MeasureAsync(
        string collection, IProgress<IndexProgress>? progress, Func<IProgress<IndexProgress>, Task<IndexReport>> index)
    {
        long start = Stopwatch.GetTimestamp();
        TagList tags = new() { { CollectionTag, collection } };
        try
        {
            return await index(new CountedProgress(this, collection, progress)).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            tags.Add(ErrorTag, error.GetType().FullName);
            throw;
        }
        finally
        {
            _indexDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);
        }
    }

    public void Dispose() => _meter.Dispose();

    private void RecordStages(string collection, IReadOnlyDictionary<string, double> timings)
    {
        if (!_stageDuration.Enabled)
        {
            return;
        }

        foreach ((string stage, double milliseconds) in timings.Where(timing => timing.Key != TotalStage))
        {
            _stageDuration.Record(milliseconds / 1000, new TagList { { CollectionTag, collection }, { "mvr.search.stage", stage } });
        }
    }

    private static string Describe(SearchEffort effort) => effort switch
    {
        SearchEffort.ExactEffort => "exact",
        SearchEffort.RecallEffort => "recall",
        SearchEffort.TiersEffort => "tiers",
        _ => "default",
    };

    // Of several spaces what gives up most: tiers may lose a hit, a proof and a scan may not.
    private static string Describe(IReadOnlyList<SearchPlan> plans) =>
        plans.Count == 0 ? "none"
        : plans.Any(plan => !plan.IsExact) ? "tiers"
        : plans.Any(plan => plan.IsProven) ? "proof"
        : "scan";

    private void Observe(string name, string unit, string description, Func<CollectionStatistics, long> choose) =>
        _meter.CreateObservableUpDownCounter(
            name,
            () => ReadSizes().Select(size =>
                new Measurement<long>(choose(size.Statistics), new KeyValuePair<string, object?>(CollectionTag, size.Name))),
            unit,
            description);

    // The instruments of one scrape share what was read; a collection that does not open is what /readyz tells.
    private IReadOnlyList<(string Name, CollectionStatistics Statistics)> ReadSizes()
    {
        lock (_lock)
        {
            if (_sizesAt is { } at && Stopwatch.GetElapsedTime(at) < SizesLifetime)
            {
                return _sizes;
            }

            List<(string, CollectionStatistics)> sizes = [];
            foreach (string name in _collections.List())
            {
                try
                {
                    sizes.Add((name, _collections.Get(name).GetStatistics()));
                }
                catch (Exception error) when (error is CorruptSegmentException or UnsupportedFormatException or CatalogException
                    or CollectionNotFoundException or IOException or UnauthorizedAccessException or ObjectDisposedException)
                {
                }
            }

            (_sizes, _sizesAt) = (sizes, Stopwatch.GetTimestamp());
            return _sizes;
        }
    }

    // Adds what came since the last report, so that a long run is seen while it runs.
    private sealed class CountedProgress(LibraryMetrics metrics, string collection, IProgress<IndexProgress>? next)
        : IProgress<IndexProgress>
    {
        private readonly Lock _lock = new();
        private long _entries;
        private long _read;
        private long _failed;

        public void Report(IndexProgress value)
        {
            lock (_lock)
            {
                Add(metrics._entries, ref _entries, value.EntriesDone);
                Add(metrics._files, ref _read, value.FilesDone - value.FilesFailed, new("mvr.file.outcome", "done"));
                Add(metrics._files, ref _failed, value.FilesFailed, new("mvr.file.outcome", "failed"));
            }

            next?.Report(value);
        }

        private void Add(Counter<long> counter, ref long known, long now, KeyValuePair<string, object?>? tag = null)
        {
            if (now <= known)
            {
                return;
            }

            TagList tags = new() { { CollectionTag, collection } };
            if (tag is { } more)
            {
                tags.Add(more);
            }

            counter.Add(now - known, tags);
            known = now;
        }
    }
}
