using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>Entries as a codec stores them. Times are processor times, which other work on the machine hardly changes.</summary>
internal sealed class StoredEntries
{
    private readonly List<(byte[] Codes, int First, int Count)> _chunks = [];
    private readonly int _entryCount;

    public StoredEntries(EntryCodec codec, EntryBlock block, double trainSeconds, CancellationToken cancellationToken)
    {
        Codec = codec;
        TrainSeconds = trainSeconds;
        _entryCount = block.EntryCount;
        TimeSpan start = Environment.CpuUsage.TotalTime;
        foreach ((int first, int count) in block.Chunks())
        {
            cancellationToken.ThrowIfCancellationRequested();
            byte[] codes = codec.Encode(block.Slice(first, count));
            codec.Check(codes, count);
            _chunks.Add((codes, first, count));
            SizeInBytes += codes.Length;
        }
        EncodeMsPerEntry = (Environment.CpuUsage.TotalTime - start).TotalMilliseconds / block.EntryCount;
    }

    public EntryCodec Codec { get; }

    public long SizeInBytes { get; }

    public double TrainSeconds { get; }

    public double EncodeMsPerEntry { get; }

    /// <summary>Of the last <see cref="ScoreAll"/>.</summary>
    public double ScoreMsPerQuery { get; private set; }

    /// <summary>The scores of all entries, per query.</summary>
    public float[][] ScoreAll(IReadOnlyList<MultiVector> queries, CancellationToken cancellationToken)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        float[][] scores = new float[queries.Count][];
        Parallel.For(0, queries.Count,
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, q =>
        {
            scores[q] = new float[_entryCount];
            CodeScorer scorer = Codec.CreateScorer(queries[q].View);
            foreach ((byte[] codes, int first, int count) in _chunks)
            {
                scorer.Score(codes, scores[q].AsSpan(first, count));
            }
        });
        ScoreMsPerQuery = (Environment.CpuUsage.TotalTime - start).TotalMilliseconds / queries.Count;
        return scores;
    }
}
