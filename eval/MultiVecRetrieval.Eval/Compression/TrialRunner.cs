using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Reduction;

namespace MultiVecRetrieval.Eval.Compression;

/// <summary>Stores the entries of a workload as trials say, ranks them for the held-out queries, and measures.</summary>
internal sealed class TrialRunner
{
    private const int Top = 10;
    private const int Rescored = 100;
    private const int Seed = 1;

    private readonly Workload _workload;
    private readonly Needles? _needles;
    private readonly int _trainingRowCount;
    private readonly float[][] _exact;
    private readonly int[][] _exactTop;
    private (string Reduction, IReadOnlyList<MultiVector> Entries, IReadOnlyList<MultiVector> Needles, double MsPerEntry)? _reduced;

    /// <param name="workload">What is searched.</param>
    /// <param name="trainingRowCount">Rows that codecs are trained on, at most.</param>
    /// <param name="cancellationToken">Stops between queries.</param>
    public TrialRunner(Workload workload, int trainingRowCount, CancellationToken cancellationToken)
    {
        _workload = workload;
        _trainingRowCount = trainingRowCount;
        _needles = workload.Entries.All(entry => entry.RowCount == 1) ? null : new Needles(workload, Seed);
        _exact = Store(CodecSpec.Parse("float32"), workload.Entries, [], cancellationToken)
            .ScoreAll([.. workload.HeldOut.Select(query => query.Rows)], cancellationToken);
        _exactTop = [.. _exact.Select(scores => Rank(scores, Top))];
    }

    /// <exception cref="ArgumentException">A spec is not known or cannot be trained on this workload.</exception>
    public TrialResult Run(Trial trial, CancellationToken cancellationToken)
    {
        (IReadOnlyList<MultiVector> entries, IReadOnlyList<MultiVector> needles, double reduceMs) = Reduce(trial.Reduction);
        CodecSpec spec = CodecSpec.Parse(trial.Codec);
        float[] queries = trial.LearnsFromQueries ? [.. _workload.Tuning.SelectMany(query => query.Rows.Values.ToArray())] : [];
        StoredEntries stored = Store(spec, entries, queries, cancellationToken);
        float[][] scores = stored.ScoreAll([.. _workload.HeldOut.Select(query => query.Rows)], cancellationToken);

        List<double> ndcg = [], rescored = [], hit1 = [], hit10 = [], recall10 = [], recall100 = [], recall1000 = [];
        for (int q = 0; q < scores.Length; q++)
        {
            IReadOnlySet<int> answers = _workload.HeldOut[q].Answers;
            int[] ranking = Rank(scores[q], 1000);
            ndcg.Add(Ndcg(ranking, answers));
            hit1.Add(answers.Contains(ranking[0]) ? 1 : 0);
            hit10.Add(ranking.Take(Top).Any(answers.Contains) ? 1 : 0);
            recall10.Add(Recall(ranking, Top, _exactTop[q]));
            recall100.Add(Recall(ranking, Rescored, _exactTop[q]));
            recall1000.Add(Recall(ranking, 1000, _exactTop[q]));
            float[] exact = _exact[q];
            rescored.Add(Ndcg([.. ranking.Take(Rescored).OrderByDescending(entry => exact[entry]).ThenBy(entry => entry)], answers));
        }

        return new TrialResult
        {
            Name = trial.Name,
            Series = trial.Series,
            BytesPerEntry = (double)stored.SizeInBytes / entries.Count,
            RowsPerEntry = entries.Average(entry => (double)entry.RowCount),
            NdcgAt10 = ConfidenceInterval.OfMean(ndcg),
            HitAt1 = ConfidenceInterval.OfMean(hit1),
            HitAt10 = ConfidenceInterval.OfMean(hit10),
            RecallAt10 = ConfidenceInterval.OfMean(recall10),
            RecallAt100 = ConfidenceInterval.OfMean(recall100),
            RecallAt1000 = ConfidenceInterval.OfMean(recall1000),
            RescoredNdcgAt10 = ConfidenceInterval.OfMean(rescored),
            NeedleShare = _needles is null ? null : MeasureNeedles(stored.Codec, needles, _needles.Queries),
            EncodeMsPerEntry = reduceMs + stored.EncodeMsPerEntry,
            ScoreMsPerQuery = stored.ScoreMsPerQuery,
            TrainSeconds = stored.TrainSeconds,
        };
    }

    private StoredEntries Store(
        CodecSpec spec, IReadOnlyList<MultiVector> entries, float[] queries, CancellationToken cancellationToken)
    {
        EntryBlock block = new(_workload.Dimension, entries);
        TimeSpan start = Environment.CpuUsage.TotalTime;
        EntryCodec codec = CodecTraining.Train(
            spec,
            new TrainingSample
            {
                Dimension = _workload.Dimension,
                Rows = block.Sample(_trainingRowCount, Seed),
                Queries = queries,
                Seed = Seed,
                Threads = Environment.ProcessorCount,
            },
            cancellationToken);
        double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        return new StoredEntries(codec, block, seconds, cancellationToken);
    }

    // Trials of one reduction follow each other, so the last one is kept.
    private (IReadOnlyList<MultiVector> Entries, IReadOnlyList<MultiVector> Needles, double MsPerEntry) Reduce(string spec)
    {
        if (spec == Reductions.None)
        {
            return (_workload.Entries, _needles?.Entries ?? [], 0);
        }

        if (_reduced?.Reduction != spec)
        {
            RowReducer reducer = Reductions.Parse(spec);
            TimeSpan start = Environment.CpuUsage.TotalTime;
            MultiVector[] entries = [.. _workload.Entries.AsParallel().AsOrdered().Select(reducer.Reduce)];
            double ms = (Environment.CpuUsage.TotalTime - start).TotalMilliseconds / entries.Length;
            _reduced = (spec, entries, [.. (_needles?.Entries ?? []).AsParallel().AsOrdered().Select(reducer.Reduce)], ms);
        }
        return (_reduced.Value.Entries, _reduced.Value.Needles, _reduced.Value.MsPerEntry);
    }

    private double MeasureNeedles(EntryCodec codec, IReadOnlyList<MultiVector> entries, IReadOnlyList<MultiVector> queries)
    {
        EntryBlock block = new(_workload.Dimension, entries);
        double found = 0;
        float[] scores = new float[2];
        for (int i = 0; i < queries.Count; i++)
        {
            codec.CreateScorer(queries[i].View).Score(codec.Encode(block.Slice(2 * i, 2)), scores);
            // Equal scores are a toss-up.
            found += scores[1] > scores[0] ? 1 : scores[1] == scores[0] ? 0.5 : 0;
        }
        return found / queries.Count;
    }

    private static int[] Rank(float[] scores, int count)
    {
        int[] order = [.. Enumerable.Range(0, scores.Length)];
        float[] keys = [.. scores.Select(score => -score)];
        // Stable by position: equal scores are common where codes are short.
        Array.Sort(order, (x, y) => keys[x] != keys[y] ? keys[x].CompareTo(keys[y]) : x.CompareTo(y));
        return order[..Math.Min(count, order.Length)];
    }

    private static double Recall(int[] ranking, int depth, int[] wanted) =>
        (double)wanted.Intersect(ranking.Take(depth)).Count() / wanted.Length;

    private static double Ndcg(int[] ranking, IReadOnlySet<int> answers)
    {
        double sum = 0, ideal = 0;
        for (int i = 0; i < Math.Min(Top, ranking.Length); i++)
        {
            sum += answers.Contains(ranking[i]) ? 1 / Math.Log2(i + 2) : 0;
        }

        for (int i = 0; i < Math.Min(Top, answers.Count); i++)
        {
            ideal += 1 / Math.Log2(i + 2);
        }

        return sum / ideal;
    }
}
