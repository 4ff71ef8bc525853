using System.Collections.Concurrent;
using System.Diagnostics;
using System.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Search;

/// <summary>How fast this machine scans a space, learned from its last searches and, before the first, from a short trial. Thread-safe.</summary>
internal sealed class ScanSpeed
{
    /// <summary>How much the newest search counts.</summary>
    private const double Weight = 0.3;

    /// <summary>Scans of less work than this many nanoseconds say more about overheads than about speed.</summary>
    private const double MinNanoseconds = 200_000;

    private const int TrialRowCount = 2048;

    private readonly ConcurrentDictionary<(string What, int QueryRows), double> _nanoseconds = [];

    /// <summary>Nanoseconds of one thread for one row.</summary>
    public double GetExact(Space space, RowFormat format, QueryScorers scorers)
    {
        (string, int) key = GetKey(space.Name + "/" + format, scorers);
        return _nanoseconds.TryGetValue(key, out double known) ? known : _nanoseconds.GetOrAdd(key, Try(space.Dimension, format, scorers));
    }

    /// <summary>Nanoseconds of one thread for the codes of one entry; null before the first scan.</summary>
    public double? GetCodes(long tierId, QueryScorers scorers) =>
        _nanoseconds.TryGetValue(GetKey("tier/" + tierId, scorers), out double known) ? known : null;

    /// <summary>Nanoseconds of one thread for the codes of one entry among few that are scored, here and there; null before the first ones.</summary>
    public double? GetCandidates(long tierId, QueryScorers scorers) =>
        _nanoseconds.TryGetValue(GetKey("candidates/" + tierId, scorers), out double known) ? known : null;

    public void RecordCandidates(long tierId, QueryScorers scorers, long entries, int threads, TimeSpan elapsed) =>
        Record(GetKey("candidates/" + tierId, scorers), entries, threads, elapsed);

    public void RecordExact(Space space, RowFormat format, QueryScorers scorers, long rows, int threads, TimeSpan elapsed) =>
        Record(GetKey(space.Name + "/" + format, scorers), rows, threads, elapsed);

    public void RecordCodes(long tierId, QueryScorers scorers, long entries, int threads, TimeSpan elapsed) =>
        Record(GetKey("tier/" + tierId, scorers), entries, threads, elapsed);

    // Costs grow in steps with the rows of a query; a power of two is near enough.
    private static (string What, int QueryRows) GetKey(string what, QueryScorers scorers) =>
        (what, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, scorers.Query.RowCount)));

    private static double Try(int dimension, RowFormat format, QueryScorers scorers)
    {
        int rowCount = Math.Clamp((1 << 19) / dimension, 16, TrialRowCount);
        byte[] rows = new byte[PackedRows.GetSizeInBytes(format, rowCount, dimension)];
        MaxSimScorer scorer = scorers.GetExact(format);
        double best = double.PositiveInfinity;
        for (int i = 0; i < 3; i++)
        {
            long start = Stopwatch.GetTimestamp();
            scorer.Score(rows, rowCount);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        return best / rowCount;
    }

    private void Record((string, int) key, long count, int threads, TimeSpan elapsed)
    {
        if (count == 0 || elapsed.TotalNanoseconds < MinNanoseconds)
            return;

        double measured = elapsed.TotalNanoseconds * threads / count;
        _nanoseconds.AddOrUpdate(key, measured, (_, known) => known + (Weight * (measured - known)));
    }
}
