using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>
/// Trains a head from a new model's space to the codes of an old one: first the ridge map in closed form, then blocks on top of it with
/// the contrastive loss against new documents and against the old codes, which stay.
/// </summary>
internal sealed class CompatibleTraining
{
    private static readonly double[] Penalties = [1e-4, 1e-3, 1e-2, 1e-1];

    private readonly EntryCodec _inner;
    private readonly CompatibleSample _sample;
    private readonly BinarizerOptions _options;
    private readonly BebrCodec? _oldHead;

    public CompatibleTraining(EntryCodec old, CompatibleSample sample, BinarizerOptions options)
    {
        ArgumentNullException.ThrowIfNull(old);
        sample.Check();
        options.Check();
        if (old.Dimension != sample.OldDimension)
        {
            throw new ArgumentException(
                $"The old codec takes rows of d = {old.Dimension}, the old documents have d = {sample.OldDimension}.", nameof(sample));
        }

        // Behind an old head lie its inner codec's codes: the new head leads to those, not to the old head's input.
        _oldHead = old as BebrCodec;
        _inner = _oldHead?.Inner ?? old;
        _sample = sample;
        _options = int.TryParse(_inner.Spec.Argument, out int bits)
            ? options with { Bits = Math.Clamp(bits, 1, BebrCodecFamily.MaxBits) }
            : options with { Bits = BebrCodecFamily.MaxBits };
    }

    public BinarizerTraining Run(IProgress<BinarizerProgress>? progress, CancellationToken cancellationToken)
    {
        HeadProblem problem = HeadProblems.Create(_sample.New, _options, cancellationToken);
        Matrix oldDocuments = GetOld(_sample.OldDocuments, problem.DocumentRows);
        Matrix? oldQueries = _sample.OldQueries.Length == 0 ? null : GetOld(_sample.OldQueries, problem.QueryRows);
        HeadCoordinates coordinates = HeadCoordinates.Create(oldDocuments, new Random(_options.Seed));
        (RowTransform ridge, HeadTrainer trainer) = FitRidge(problem, oldDocuments, oldQueries, coordinates, cancellationToken);
        FrozenBlock[] blocks = trainer.Train(progress, cancellationToken);
        RowTransform? learned = blocks.Length == 0 ? null : ridge.Append([.. blocks.Select(block =>
            block.ChangeCoordinates(coordinates.Mean, coordinates.Map, coordinates.Back, _options.Threads))]);
        return Judge(problem, oldDocuments, oldQueries, ridge, learned, trainer, cancellationToken);
    }

    private (RowTransform Ridge, HeadTrainer Trainer) FitRidge(
        HeadProblem problem, Matrix oldDocuments, Matrix? oldQueries, HeadCoordinates coordinates, CancellationToken cancellationToken)
    {
        int[] documents = [.. Enumerable.Range(0, problem.Documents.Rows).Where(row => problem.IsTrainingDocument[row])];
        Matrix from = problem.Documents.Gather(documents), to = oldDocuments.Gather(documents);
        if (oldQueries is not null)
        {
            from = new Matrix(from.Rows + problem.Training.Length, from.Columns,
                [.. from.Span, .. problem.Queries.Gather(problem.Training).Span]);
            to = new Matrix(from.Rows, to.Columns, [.. to.Span, .. oldQueries.Gather(problem.Training).Span]);
        }

        Matrix old = coordinates.Apply(oldDocuments, _options.Threads);
        float[] origin = coordinates.Apply(new Matrix(1, oldDocuments.Columns), 1).Values;
        (RowTransform, HeadTrainer)? best = null;
        double bestRecall = double.NegativeInfinity;
        foreach (double penalty in Penalties)
        {
            (Matrix map, float[] offset) = RidgeMap.Fit(from, to, penalty, _options.Threads);
            RowTransform ridge = new(to.Columns, map, offset, []);
            HeadTrainer trainer = new(
                problem, _options, Move(problem.Queries, ridge, coordinates), Move(problem.Documents, ridge, coordinates), origin, old);
            double recall = trainer.MeasureStart(cancellationToken);
            if (recall > bestRecall)
            {
                (best, bestRecall) = ((ridge, trainer), recall);
            }
        }

        return best!.Value;
    }

    private BinarizerTraining Judge(
        HeadProblem problem, Matrix oldDocuments, Matrix? oldQueries, RowTransform ridge, RowTransform? learned, HeadTrainer trainer,
        CancellationToken cancellationToken)
    {
        int[] self = [.. problem.Test.Select(query => problem.Self[query])];
        int[][] answers = [.. problem.Test.Select(query => problem.Answers[query])];
        Matrix queries = problem.Queries.Gather(problem.Test);
        double[] Across(RowTransform transform) => Recall.OfEach(
            CodecSearch.Find(_inner, oldDocuments, _inner, Apply(transform, queries), self, _options.Threads, cancellationToken), answers);
        double[] OfFloat(Matrix rows, Matrix documents) => Recall.OfEach(
            Neighbors.Find(rows, documents, HeadProblems.Depth, null, self, _options.Threads, cancellationToken), answers);

        double[] closed = Across(ridge);
        double[]? ofLearned = learned is null ? null : Across(learned);
        ConfidenceInterval? difference = BinarizerTrainer.GetDifference(ofLearned, closed);
        bool isBetter = difference is { Low: > 0 };
        BebrCodec kept = new(BinarizerTrainer.GetSpec(_options.Bits), isBetter ? learned! : ridge, _inner);
        return new BinarizerTraining(kept, new BinarizerReport
        {
            Kept = isBetter ? BinarizerChoice.Learned : BinarizerChoice.ClosedForm,
            Codec = _inner.Spec.ToString(),
            IsLabelled = problem.IsLabelled,
            DocumentCount = problem.Documents.Rows,
            TrainingQueryCount = problem.Training.Length,
            TestQueryCount = problem.Test.Length,
            StepCount = trainer.StepCount,
            BestStep = trainer.BestStep,
            Float = Recall.GetInterval(OfFloat(queries, problem.Documents)),
            ClosedForm = Recall.GetInterval(closed),
            Learned = ofLearned is null ? null : Recall.GetInterval(ofLearned),
            Difference = difference,
            IsBehindOldHead = _oldHead is { IsLearned: true },
            FloatAcross = Recall.GetInterval(OfFloat(Apply(ridge, queries), oldDocuments)),
            OldQueries = oldQueries is null ? null : Recall.GetInterval(Recall.OfEach(
                CodecSearch.Find(_inner, oldDocuments, _inner, oldQueries.Gather(problem.Test), self, _options.Threads, cancellationToken),
                    answers)),
            NewDocuments = Recall.GetInterval(Recall.OfEach(
                CodecSearch.Find(kept, problem.Documents, kept, queries, self, _options.Threads, cancellationToken), answers)),
        });
    }

    // Old rows as the inner codec sees them.
    private Matrix GetOld(float[] values, int[] rows)
    {
        Matrix chosen = new Matrix(values.Length / _sample.OldDimension, _sample.OldDimension, values).Gather(rows);
        return _oldHead is null ? chosen : Apply(_oldHead.Head, chosen);
    }

    private Matrix Move(Matrix rows, RowTransform transform, HeadCoordinates coordinates) =>
        coordinates.Apply(Apply(transform, rows), _options.Threads);

    private Matrix Apply(RowTransform transform, Matrix rows) =>
        new(rows.Rows, transform.OutputDimension, transform.Apply(rows.Span, _options.Threads));
}
