using System.Diagnostics;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Benchmarks;

/// <summary>What queries took one after the other, and what they found.</summary>
internal sealed record TiersRun(double[] LatenciesMs, SearchResult[] Results, double ProcessorMs)
{
    public double MedianMs => LatenciesMs.Order().ElementAt(LatenciesMs.Length / 2);

    public double WorstMs => LatenciesMs.Max();

    /// <summary>Searches for each query once, after some that read files into memory.</summary>
    public static TiersRun Measure(
        Collection collection, MultiVector[] queries, TiersOptions options, Func<SearchRequest, SearchRequest> change)
    {
        SearchRequest[] requests = [.. queries.Select(query => change(TiersCollection.GetRequest(query, options)))];

        // The first ones read files into memory and let the JIT finish; short searches are over before it has.
        foreach (SearchRequest request in options.ArePictures ? requests : requests.Take(5))
        {
            collection.Search(request);
        }

        double[] latencies = new double[requests.Length];
        SearchResult[] results = new SearchResult[requests.Length];
        TimeSpan start = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < requests.Length; i++)
        {
            latencies[i] = 1000 * TimeSeconds(() => results[i] = collection.Search(requests[i]));
        }

        return new TiersRun(latencies, results, (Environment.CpuUsage.TotalTime - start).TotalMilliseconds / requests.Length);
    }

    /// <summary>The part of the truth's hits that were found.</summary>
    public double GetRecall(TiersRun truth) => Results.Zip(truth.Results, (mine, theirs) =>
        (double)mine.Hits.Select(hit => hit.Entry.Key).Intersect(theirs.Hits.Select(hit => hit.Entry.Key)).Count() / theirs.Hits.Count)
            .Average();

    public static double TimeSeconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
