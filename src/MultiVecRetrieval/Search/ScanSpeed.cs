using System.Collections.Concurrent;
using System.Diagnostics;
using System.Numerics;
using MultiVecRetrieval.Generations;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Search;

/// <summary>How fast this machine scans a space, learned from its last searches and, before the first, from a short trial.
/// Thread-safe.</summary>
internal sealed class ScanSpeed
{
    /// <summary>How much the newest search counts.</summary>
    private const double Weight = 0.3;

    /// <summary>Scans of less work than this many nanoseconds say more about overheads than about speed.</summary>
    private const double MinNanoseconds = 200_000;

    /// <summary>One search makes what is known grow as if it had taken this many times as long as expected, at most.</summary>
    private const double MaxFactor = 2;

    private const int TrialRowCount = 2048;

    /// <summary>By how much each search that a known share kept from a tier forgets of it: what some odd queries showed is tried again in
    /// time.</summary>
    private const double Forgetting = 0.005;

    private readonly ConcurrentDictionary<(string What, int QueryRows), double> _nanoseconds = [];
    private readonly ConcurrentDictionary<(string What, int QueryRows), double> _shares = [];

    /// <summary>Nanoseconds of one thread for one row.</summary>
    public double GetExact(Space space, RowFormat format, QueryScorers scorers)
    {
        (string, int) key = GetKey(space.Name + "/" + format, scorers);
        return _nanoseconds.TryGetValue(key, out double known) ? known : _nanoseconds.GetOrAdd(key, Try(space.Dimension, format, scorers));
    }

    /// <summary>Nanoseconds of one thread for the codes of one entry; null before the first scan.</summary>
    public double? GetCodes(long tierId, QueryScorers scorers) =>
        _nanoseconds.TryGetValue(GetKey("tier/" + tierId, scorers), out double known) ? known : null;

    /// <summary>Nanoseconds of one thread for the codes of one entry among few that are scored, here and there; null before the first
    /// ones.</summary>
    public double? GetCandidates(long tierId, QueryScorers scorers) =>
        _nanoseconds.TryGetValue(GetKey("candidates/" + tierId, scorers), out double known) ? known : null;

    /// <summary>Nanoseconds of one thread for the upper bound of one entry; null before the first scan.</summary>
    public double? GetBounds(long tierId, QueryScorers scorers) =>
        _nanoseconds.TryGetValue(GetKey("bounds/" + tierId, scorers), out double known) ? known : null;

    /// <summary>Nanoseconds of one thread for one row of an entry that bounds did not exclude; null before the first ones.</summary>
    public double? GetRescored(long tierId, QueryScorers scorers) =>
        _nanoseconds.TryGetValue(GetKey("rescored/" + tierId, scorers), out double known) ? known : null;

    /// <summary>The share of entries that bounds did not exclude in the last searches for about this part of all entries; null before the
    /// first.</summary>
    public double? GetShare(long tierId, QueryScorers scorers, double wantedPart) =>
        _shares.TryGetValue(GetShareKey(tierId, scorers, wantedPart), out double known) ? known : null;

    /// <summary>Learns the share of one search.</summary>
    /// <param name="tierId">The tier.</param>
    /// <param name="scorers">The query.</param>
    /// <param name="wantedPart">Hits wanted / entries; in (0, 1].</param>
    /// <param name="share">Entries scored by their rows / entries.</param>
    /// <param name="expected">What was known before any search; null when nothing was.</param>
    public void RecordShare(long tierId, QueryScorers scorers, double wantedPart, double share, double? expected) => _shares.AddOrUpdate(
        GetShareKey(tierId, scorers, wantedPart),
        _ => expected is { } prior ? prior + (Weight * (share - prior)) : share,
        (_, known) => known + (Weight * (share - known)));

    /// <summary>Lowers a share that was learned a little, because no search will correct it while it keeps the tier from being
    /// used.</summary>
    public void ForgetShare(long tierId, QueryScorers scorers, double wantedPart)
    {
        (string, int) key = GetShareKey(tierId, scorers, wantedPart);
        if (_shares.TryGetValue(key, out double known))
        {
            _shares.TryUpdate(key, known * (1 - Forgetting), known);
        }
    }

    /// <param name="tierId">The tier.</param>
    /// <param name="scorers">The query.</param>
    /// <param name="rows">Rows of the entries that were scored.</param>
    /// <param name="threads">Threads that shared them.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="expected">Nanoseconds of one thread for a row that were expected before any search.</param>
    public void RecordRescored(long tierId, QueryScorers scorers, long rows, int threads, TimeSpan elapsed, double expected) =>
        Record(GetKey("rescored/" + tierId, scorers), rows, threads, elapsed, expected);

    public void RecordCandidates(long tierId, QueryScorers scorers, long entries, int threads, TimeSpan elapsed) =>
        Record(GetKey("candidates/" + tierId, scorers), entries, threads, elapsed);

    public void RecordExact(Space space, RowFormat format, QueryScorers scorers, long rows, int threads, TimeSpan elapsed) =>
        Record(GetKey(space.Name + "/" + format, scorers), rows, threads, elapsed);

    /// <param name="tier">Whose codes were scanned.</param>
    /// <param name="areBounds">Whether that gave upper bounds.</param>
    /// <param name="scorers">The query.</param>
    /// <param name="entries">How many were scanned.</param>
    /// <param name="threads">Threads that shared them.</param>
    /// <param name="elapsed">How long it took.</param>
    public void RecordCodes(LiveTier tier, bool areBounds, QueryScorers scorers, long entries, int threads, TimeSpan elapsed)
    {
        double? expected = areBounds
            ? tier.Calibration?.Proof?.NanosecondsPerEntryAndQueryRow
            : tier.Calibration?.NanosecondsPerEntryAndQueryRow;
        Record(GetKey((areBounds ? "bounds/" : "tier/") + tier.Record.Id, scorers), entries, threads, elapsed,
            expected * scorers.Query.RowCount);
    }

    // Costs grow in steps with the rows of a query; a power of two is near enough.
    private static (string What, int QueryRows) GetKey(string what, QueryScorers scorers) =>
        (what, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, scorers.Query.RowCount)));

    // More of a collection is scored when more of it is wanted; a power of two is near enough here too.
    private static (string What, int QueryRows) GetShareKey(long tierId, QueryScorers scorers, double wantedPart) =>
        GetKey($"{tierId}/{Math.Round(Math.Log2(wantedPart))}", scorers);

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

    private void Record((string, int) key, long count, int threads, TimeSpan elapsed, double? expected = null)
    {
        if (count == 0 || elapsed.TotalNanoseconds < MinNanoseconds)
        {
            return;
        }

        double measured = elapsed.TotalNanoseconds * threads / count;
        _nanoseconds.AddOrUpdate(key, _ => expected > 0 ? Blend(expected.Value) : measured, (_, known) => Blend(known));

        // A first search waits for the disk: taken as it is, it could keep a plan from ever being used again.
        double Blend(double known) => known + (Weight * (Math.Min(measured, known * MaxFactor) - known));
    }
}
