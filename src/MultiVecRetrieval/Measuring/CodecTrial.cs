using System.Diagnostics;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Measuring;

/// <summary>A codec tried: every entry is scored by its codes.</summary>
internal sealed class CodecTrial : TierTrial
{
    /// <summary>Rows to train on at most.</summary>
    private const int MaxTrainingRows = 100_000;

    private readonly List<(byte[] Codes, int First, int Count)> _chunks = [];
    private EntryCodec? _codec;
    private int _entryCount;
    private double _scanMsPerEntry;

    public override void Build(string tier, SampledRows rows, IReadOnlyList<MultiVector> queries, int seed,
        CancellationToken cancellationToken)
    {
        CodecSpec spec = CodecSpec.Parse(tier);
        long start = Stopwatch.GetTimestamp();
        _codec = Codecs.FindFamily(spec).Train(
            spec,
            new TrainingSample
            {
                Dimension = rows.Dimension,
                Rows = SampleRows(rows, seed),
                Queries = [.. queries.SelectMany(query => query.Values.ToArray())],
                Seed = seed,
                Threads = Environment.ProcessorCount,
            },
            cancellationToken);
        TrainSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        start = Stopwatch.GetTimestamp();
        _entryCount = rows.EntryCount;
        long bytes = 0;
        for (int first = 0; first < rows.EntryCount;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = 1;
            while (count < TierLayout.MaxChunkEntryCount && first + count < rows.EntryCount
                && rows.CountRows(first, count + 1) <= TierLayout.MaxChunkRowCount)
            {
                count++;
            }

            byte[] codes = _codec.Encode(rows.Slice(first, count));
            _chunks.Add((codes, first, count));
            bytes += codes.Length;
            first += count;
        }

        BuildMsPerEntry = Stopwatch.GetElapsedTime(start).TotalMilliseconds / rows.EntryCount;
        BytesPerEntry = (double)bytes / rows.EntryCount;
    }

    public override List<int[]> Rank(
        IReadOnlyList<MultiVector> queries, IReadOnlyList<ExactTop> tops, IReadOnlyList<int> budgets, CancellationToken cancellationToken)
    {
        float[] scores = new float[_entryCount];
        List<int[]> ranks = [];
        List<double> times = [];
        for (int q = 0; q < queries.Count; q++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            CodeScorer scorer = _codec!.CreateScorer(queries[q].View);
            foreach ((byte[] codes, int first, int count) in _chunks)
            {
                scorer.Score(codes, scores.AsSpan(first, count));
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / _entryCount);
            float[] ascending = [.. scores];
            Array.Sort(ascending);
            CodeRanks order = new(ascending);
            ranks.Add(tops[q].Rank(entry => order.CountAbove(scores[entry])));
        }

        _scanMsPerEntry = ExactRanking.Median(times);
        return ranks;
    }

    public override double GetMsPerEntry(int budget) => _scanMsPerEntry;

    private static float[] SampleRows(SampledRows rows, int seed)
    {
        if (rows.RowCount <= MaxTrainingRows)
        {
            return rows.Values;
        }

        Random random = new(seed);
        int d = rows.Dimension;
        float[] sample = new float[MaxTrainingRows * d];
        for (int i = 0; i < MaxTrainingRows; i++)
        {
            // One from each of as many equal stretches: spread over all entries, and no row twice.
            long low = (long)i * rows.RowCount / MaxTrainingRows;
            long high = (i + 1L) * rows.RowCount / MaxTrainingRows;
            rows.Values.AsSpan((int)random.NextInt64(low, high) * d, d).CopyTo(sample.AsSpan(i * d));
        }

        return sample;
    }
}
