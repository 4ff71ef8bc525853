using System.Collections.Concurrent;
using System.Globalization;

namespace MultiVecRetrieval.Benchmarks.Load;

/// <summary>What clients saw. Thread-safe.</summary>
internal sealed class LoadTally
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<double>> _times = [];
    private readonly ConcurrentDictionary<int, int> _statuses = [];
    private int _cancelCount;

    /// <summary>Names of files whose upload was acknowledged.</summary>
    public ConcurrentBag<string> Uploads { get; } = [];

    /// <summary>How long clients ran.</summary>
    public double Seconds { get; set; }

    public int ServerErrorCount => _statuses.Where(status => status.Key is 0 or >= 500).Sum(status => status.Value);

    /// <param name="kind">What was asked.</param>
    /// <param name="status">The status; 0 where no answer came.</param>
    /// <param name="milliseconds">How long it took.</param>
    public void Add(string kind, int status, double milliseconds)
    {
        _statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        _times.GetOrAdd(kind, _ => []).Add(milliseconds);
    }

    public void AddCancelled() => Interlocked.Increment(ref _cancelCount);

    public void Print(string title)
    {
        int all = _times.Values.Sum(times => times.Count);
        string statuses = string.Join(", ", _statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {all} answers in {Seconds:0} s, {all / Seconds:0.0} a second; ")
            + $"statuses {statuses}; {_cancelCount} given up by their clients");
        foreach ((string kind, ConcurrentBag<double> times) in _times.OrderBy(times => times.Key, StringComparer.Ordinal))
        {
            double[] sorted = [.. times.Order()];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {kind,-10}{sorted.Length,8}  p50 {At(sorted, 0.5),8:0.0} ms  ")
                + string.Create(CultureInfo.InvariantCulture,
                    $"p95 {At(sorted, 0.95),8:0.0} ms  p99 {At(sorted, 0.99),8:0.0} ms  most {sorted[^1],8:0.0} ms"));
        }
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
