using System.Diagnostics;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Measuring;

/// <summary>An index tried: it is asked for more and more candidates until it has found the best entries.</summary>
internal sealed unsafe class IndexTrial : TierTrial
{
    private readonly Dictionary<int, List<double>> _times = [];
    private NativeBlock? _bytes;
    private SegmentIndex? _index;
    private int _entryCount;

    public override void Build(string tier, SampledRows rows, IReadOnlyList<MultiVector> queries, int seed,
        CancellationToken cancellationToken)
    {
        _entryCount = rows.EntryCount;
        TrainingSample sample = new()
        {
            Dimension = rows.Dimension,
            Rows = rows.Values,
            Queries = [.. queries.SelectMany(query => query.Values.ToArray())],
            Seed = seed,
            Threads = Environment.ProcessorCount,
        };
        long start = Stopwatch.GetTimestamp();
        byte[] parameters = IndexTier.Parse(tier).Train(sample, rows.RowCount, rows.EntryCount, cancellationToken);
        IndexTier index = IndexTier.Read(tier, rows.Dimension, parameters);
        TrainSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        start = Stopwatch.GetTimestamp();
        using MemoryStream stream = new();
        index.Build(rows, Environment.ProcessorCount, stream, cancellationToken);
        BuildMsPerEntry = Stopwatch.GetElapsedTime(start).TotalMilliseconds / _entryCount;
        BytesPerEntry = (double)stream.Length / _entryCount;
        _bytes = new NativeBlock(stream.Length);
        stream.GetBuffer().AsSpan(0, (int)stream.Length).CopyTo(new Span<byte>(_bytes.Start, (int)stream.Length));
        _index = index.Open(_bytes.Start, _bytes.Length, _entryCount, rows.Dimension);
    }

    public override List<int[]> Rank(
        IReadOnlyList<MultiVector> queries, IReadOnlyList<ExactTop> tops, IReadOnlyList<int> budgets, CancellationToken cancellationToken)
    {
        _times.Clear();
        List<int[]> ranks = [];
        for (int q = 0; q < queries.Count; q++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ranks.Add(tops[q].Rank(budgets, budget => Find(queries[q], budget)));
        }

        return ranks;
    }

    // A budget that no query came to costs what the largest one did that some came to, in proportion.
    public override double GetMsPerEntry(int budget)
    {
        int nearest = _times.ContainsKey(budget) ? budget : _times.Keys.DefaultIfEmpty(0).Max();
        return nearest == 0 ? 0 : ExactRanking.Median(_times[nearest]) * Math.Max(1, (double)budget / nearest) / _entryCount;
    }

    public override void Dispose()
    {
        _index?.Dispose();
        _bytes?.Dispose();
        base.Dispose();
    }

    private IEnumerable<int> Find(MultiVector query, int budget)
    {
        long start = Stopwatch.GetTimestamp();
        List<ScoredId> found = _index!.Find(query, budget, wanted: []);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (!_times.TryGetValue(budget, out List<double>? times))
        {
            _times[budget] = times = [];
        }

        times.Add(elapsed);
        TopK best = new(budget);
        found.ForEach(candidate => best.Add(candidate));
        return best.ToSortedArray().Select(candidate => candidate.Id);
    }
}
