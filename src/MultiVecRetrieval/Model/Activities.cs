using System.Diagnostics;

namespace MultiVecRetrieval;

/// <summary>
/// The activities of the engine, for a listener or OpenTelemetry: <c>mvr.search</c>, <c>mvr.commit</c>, <c>mvr.merge</c>,
/// <c>mvr.train</c>, and <c>mvr.index</c> of a library; tagged with <c>mvr.collection</c>, the folder's name, with <c>mvr.space</c>
/// where there is one, and with counts. One that failed has the status of an error.
/// </summary>
public static class Activities
{
    /// <summary>The name of the <see cref="ActivitySource"/>.</summary>
    public const string SourceName = "MultiVecRetrieval";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Runs work within an activity; without a listener, at the price of the call.</summary>
    /// <param name="name">What is done, <c>mvr.merge</c>.</param>
    /// <param name="folder">The folder of the collection.</param>
    /// <param name="work">The work; its argument takes tags, and is null when nobody listens.</param>
    internal static T Run<T>(string name, string folder, Func<Activity?, T> work)
    {
        using Activity? activity = Source.StartActivity(name);
        activity?.SetTag("mvr.collection", Path.GetFileName(folder));
        try
        {
            return work(activity);
        }
        catch (Exception error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
            throw;
        }
    }
}
