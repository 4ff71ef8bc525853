using System.Globalization;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Heads;

namespace MultiVecRetrieval.Training;

/// <summary>Trains binarisers: a learned head in front of <c>bits:N</c>, kept only when queries that it did not see are better
/// off.</summary>
/// <remarks>
/// The same sample, options and seed give the same codec, at every number of threads and every instruction set. Sources: Gan et al.,
/// arXiv:2302.08714 (recurrent binarisation and its loss); Shen et al., Towards Backward-Compatible Representation Learning, CVPR 2020.
/// </remarks>
public static class BinarizerTrainer
{
    /// <summary>Trains on pairs, on documents with unlabelled queries, or on documents alone.</summary>
    /// <exception cref="ArgumentException">The sample or an option is not valid, or the sample is too small; the message says what is
    /// needed.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public static BinarizerTraining Train(
        BinarizerSample sample, BinarizerOptions options, IProgress<BinarizerProgress>? progress, CancellationToken cancellationToken) =>
        Train(sample, options, GetInnerSpec(options.Bits), progress, cancellationToken);

    /// <summary>Trains queries and documents of a new model to search, and to be added to, an old model's index of codes.</summary>
    /// <param name="old">The codec of the old index; it stays as it is.</param>
    /// <returns>A codec for rows of the new model whose chunks and scores are those of <paramref name="old"/>.</returns>
    /// <exception cref="ArgumentException">As for training.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public static BinarizerTraining TrainCompatible(
        EntryCodec old, CompatibleSample sample, BinarizerOptions options, IProgress<BinarizerProgress>? progress,
            CancellationToken cancellationToken) =>
        new CompatibleTraining(old, sample, options).Run(progress, cancellationToken);

    internal static BinarizerTraining Train(
        BinarizerSample sample, BinarizerOptions options, CodecSpec innerSpec, IProgress<BinarizerProgress>? progress,
            CancellationToken cancellationToken)
    {
        options.Check();
        HeadProblem problem = HeadProblems.Create(sample, options, cancellationToken);
        HeadCoordinates coordinates = HeadCoordinates.Create(problem.Documents, new Random(options.Seed));
        float[] origin = coordinates.Apply(new Matrix(1, sample.Dimension), 1).Values;
        HeadTrainer trainer = new(
            problem, options, coordinates.Apply(problem.Queries, options.Threads), coordinates.Apply(problem.Documents, options.Threads),
                origin);
        FrozenBlock[] blocks = trainer.Train(progress, cancellationToken);

        BebrCodec closed = Create(problem, options, innerSpec, [], coordinates, cancellationToken);
        int[][] answers = [.. problem.Test.Select(query => problem.Answers[query])];
        int[] self = [.. problem.Test.Select(query => problem.Self[query])];
        Matrix queries = problem.Queries.Gather(problem.Test);
        double[] Measure(EntryCodec codec) => Recall.OfEach(
            CodecSearch.Find(codec, problem.Documents, codec, queries, self, options.Threads, cancellationToken), answers);

        double[] ofFloat = Recall.OfEach(
            Neighbors.Find(queries, problem.Documents, HeadProblems.Depth, null, self, options.Threads, cancellationToken), answers);
        double[] ofClosed = Measure(closed);
        BebrCodec? learned = blocks.Length == 0 ? null : Create(problem, options, innerSpec, blocks, coordinates, cancellationToken);
        double[]? ofLearned = learned is null ? null : Measure(learned);
        ConfidenceInterval? difference = GetDifference(ofLearned, ofClosed);
        bool isBetter = difference is { Low: > 0 };
        return new BinarizerTraining(isBetter ? learned! : closed, new BinarizerReport
        {
            Kept = isBetter ? BinarizerChoice.Learned : BinarizerChoice.ClosedForm,
            Codec = innerSpec.ToString(),
            IsLabelled = problem.IsLabelled,
            DocumentCount = problem.Documents.Rows,
            TrainingQueryCount = problem.Training.Length,
            TestQueryCount = problem.Test.Length,
            StepCount = trainer.StepCount,
            BestStep = trainer.BestStep,
            Float = Recall.GetInterval(ofFloat),
            ClosedForm = Recall.GetInterval(ofClosed),
            Learned = ofLearned is null ? null : Recall.GetInterval(ofLearned),
            Difference = difference,
        });
    }

    internal static ConfidenceInterval? GetDifference(double[]? learned, double[] closed) =>
        learned is null ? null : Recall.GetInterval([.. learned.Zip(closed, (x, y) => x - y)]);

    internal static CodecSpec GetSpec(int bits) => new(BebrCodecFamily.FamilyName, bits.ToString(CultureInfo.InvariantCulture));

    internal static CodecSpec GetInnerSpec(int bits) => new("bits", bits.ToString(CultureInfo.InvariantCulture));

    // The inner codec is trained on what the head makes of the rows; without blocks that is the closed form.
    private static BebrCodec Create(
        HeadProblem problem, BinarizerOptions options, CodecSpec innerSpec, FrozenBlock[] blocks, HeadCoordinates coordinates,
        CancellationToken cancellationToken)
    {
        FrozenBlock[] moved =
            [.. blocks.Select(block => block.ChangeCoordinates(coordinates.Mean, coordinates.Map, coordinates.Back, options.Threads))];
        RowTransform transform = new(problem.Documents.Columns, null, [], moved);
        bool isSelf = problem.Self[0] >= 0;
        TrainingSample sample = new()
        {
            Dimension = transform.OutputDimension,
            Rows = transform.Apply(problem.Documents.Span, options.Threads),
            Queries = isSelf ? [] : transform.Apply(problem.Queries.Gather(problem.Training).Span, options.Threads),
            Seed = options.Seed,
            Threads = options.Threads,
        };
        return new BebrCodec(GetSpec(options.Bits), transform, Codecs.FindFamily(innerSpec).Train(innerSpec, sample, cancellationToken));
    }
}
