using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MultiVecRetrieval;

/// <summary>
/// The activities of the engine, for a listener or OpenTelemetry: <c>mvr.search</c>, <c>mvr.commit</c>, <c>mvr.merge</c>,
/// <c>mvr.train</c>, within a search its stages (<c>mvr.search.text</c>), and <c>mvr.encode</c> of a question and
/// <c>mvr.index</c> of a library; tagged with <c>mvr.collection</c>, the folder's name, with <c>mvr.space</c>
/// where there is one, and with counts. One that failed has the status of an error. How long those of the engine took is also the
/// histogram <c>mvr.operation.duration</c>, in seconds, tagged with <c>mvr.operation</c> (<c>search</c>), <c>mvr.collection</c>, and
/// <c>error.type</c> where it failed.
/// </summary>
public static class Activities
{
    /// <summary>The name of the <see cref="ActivitySource"/>, and of the <see cref="Meter"/>.</summary>
    public const string SourceName = "MultiVecRetrieval";

    private const string Prefix = "mvr.";

    private static readonly ActivitySource Source = new(SourceName);

    // From a search of a small collection to the training of a large one.
    private static readonly Histogram<double> Duration = new Meter(SourceName).CreateHistogram(
        "mvr.operation.duration",
        unit: "s",
        description: "Time of searches, commits, merges and trainings within the engine.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
        });

    /// <summary>Runs work within an activity; without a listener, at the price of the call.</summary>
    /// <param name="name">What is done, <c>mvr.merge</c>.</param>
    /// <param name="folder">The folder of the collection.</param>
    /// <param name="work">The work; its argument takes tags, and is null when nobody listens.</param>
    internal static T Run<T>(string name, string folder, Func<Activity?, T> work)
    {
        using Activity? activity = Source.StartActivity(name);
        activity?.SetTag("mvr.collection", Path.GetFileName(folder));
        long start = Stopwatch.GetTimestamp();
        try
        {
            T result = work(activity);
            Record(name, folder, start, error: null);
            return result;
        }
        catch (Exception error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
            Record(name, folder, start, error);
            throw;
        }
    }

    /// <summary>Begins a stage of a search; null when nobody listens.</summary>
    /// <param name="stage">The key of <see cref="SearchResult.TimingsMs"/>.</param>
    internal static Activity? StartStage(string stage)
    {
        Activity? activity = Source.HasListeners() ? Source.StartActivity($"{Prefix}search.{stage}") : null;
        return activity?.SetTag("mvr.collection", activity.Parent?.GetTagItem("mvr.collection"));
    }

    private static void Record(string name, string folder, long start, Exception? error)
    {
        if (!Duration.Enabled)
        {
            return;
        }

        TagList tags = new() { { "mvr.operation", name[Prefix.Length..] }, { "mvr.collection", Path.GetFileName(folder) } };
        if (error is not null)
        {
            tags.Add("error.type", error.GetType().FullName);
        }

        Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);
    }
}
