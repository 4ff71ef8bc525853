using System.Buffers.Binary;
using System.Security.Cryptography;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Quantization;
using MultiVecRetrieval.Numerics.Quantization.Heads;
using MultiVecRetrieval.Training;

namespace MultiVecRetrieval.Tests.Training;

public class BinarizerTrainerTests
{
    private static readonly CodecSpec Inner = new("int8", "");

    [Fact]
    public void Train_PairsThatFloatSearchMisses_KeepsTheLearnedHead()
    {
        BinarizerTraining training = Train(BinarizerSamples.Mirrored(600), BinarizerSamples.Options);

        BinarizerReport report = training.Report;
        Assert.Equal(BinarizerChoice.Learned, report.Kept);
        Assert.True(training.Codec.IsLearned);
        Assert.True(report.ClosedForm.Mean < 0.3, $"The closed form finds {report.ClosedForm}: there is nothing to learn.");
        Assert.True(report.Learned!.Value.Mean > report.ClosedForm.Mean + 0.2,
            $"Learned {report.Learned}, closed form {report.ClosedForm}.");
        Assert.True(report.Difference!.Value.Low > 0);
        Assert.InRange(report.BestStep, 1, report.StepCount);
        Assert.Equal((600, 480, 60), (report.DocumentCount, report.TrainingQueryCount, report.TestQueryCount));
    }

    [Fact]
    public void Train_PairsWithoutMeaning_KeepsTheClosedFormBitForBit()
    {
        BinarizerSample sample = BinarizerSamples.Mirrored(400, areLabelsTrue: false);

        BinarizerTraining training = Train(sample, BinarizerSamples.Options with { Steps = 60 });

        Assert.Equal(BinarizerChoice.ClosedForm, training.Report.Kept);
        Assert.False(training.Codec.IsLearned);
        EntryRows rows = new(sample.Dimension, sample.Documents.AsSpan(0, 32 * sample.Dimension), [.. Enumerable.Range(0, 33)]);
        EntryCodec closed = Codecs.FindFamily(Inner).Train(Inner, new TrainingSample { Dimension = sample.Dimension, Rows = [] }, default);
        Assert.Equal(closed.Encode(rows), training.Codec.Encode(rows));
    }

    [Fact]
    public void Train_VectorsAlone_MeasuresAgainstTheirFloatNeighbors()
    {
        BinarizerSample sample =
            new() { Dimension = BinarizerSamples.Dimension, Documents = BinarizerSamples.UnitRows(new Random(1), 500) };

        BinarizerReport report = Train(sample, BinarizerSamples.Options with { Steps = 30 }).Report;

        Assert.False(report.IsLabelled);
        Assert.Equal(new ConfidenceInterval(1, 1, 1), report.Float);
        Assert.InRange(report.ClosedForm.Mean, 0.9, 1);
        Assert.Equal(report.Kept == BinarizerChoice.Learned, report.Difference is { Low: > 0 });
    }

    [Fact]
    public void Train_UnlabelledQueries_TakesTheirNearestDocumentsAsAnswers()
    {
        BinarizerSample sample = BinarizerSamples.Mirrored(500) with { Positives = [] };

        BinarizerReport report = Train(sample, BinarizerSamples.Options with { Steps = 30 }).Report;

        Assert.False(report.IsLabelled);
        Assert.Equal(1, report.Float.Mean);
        Assert.InRange(report.ClosedForm.Mean, 0.9, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Train_AnyThreadCountAndInstructionSet_GivesTheSameCodec(int threads)
    {
        BinarizerOptions options =
            BinarizerSamples.Options with { Steps = 50, Threads = threads, BlockCount = 2, DistillationWeight = 0.5f };

        byte[] parameters = Train(BinarizerSamples.Mirrored(400), options).Codec.WriteParameters();

        // The bits of one run: the suite runs once per instruction set, and each must come to them. A change of training changes them.
        Assert.Equal(3_348_359_839u, BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(parameters)));
    }

    [Fact]
    public void Train_AnotherSeed_GivesAnotherHead()
    {
        BinarizerOptions options = BinarizerSamples.Options with { Steps = 50 };

        byte[] one = Train(BinarizerSamples.Mirrored(400), options).Codec.WriteParameters();
        byte[] other = Train(BinarizerSamples.Mirrored(400), options with { Seed = 4 }).Codec.WriteParameters();

        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Train_EqualDocuments_CountAsOne()
    {
        BinarizerSample sample = BinarizerSamples.Mirrored(300);
        BinarizerSample twice = sample with
        {
            Documents = [.. sample.Documents, .. sample.Documents],
            Positives = [.. sample.Positives.Select(document => document % 2 == 0 ? document : document + 300)],
        };

        BinarizerReport once = Train(sample, BinarizerSamples.Options with { Steps = 5 }).Report;
        BinarizerReport report = Train(twice, BinarizerSamples.Options with { Steps = 5 }).Report;

        Assert.Equal(once, report);
    }

    [Fact]
    public void Train_Cancelled_Stops()
    {
        using CancellationTokenSource source = new();
        CancelAtFirst progress = new(source);

        Assert.Throws<OperationCanceledException>(() => BinarizerTrainer.Train(
            BinarizerSamples.Mirrored(400), BinarizerSamples.Options with { Steps = 100_000 }, Inner, progress, source.Token));

        Assert.Equal(1, progress.Count);
    }

    public static TheoryData<string, BinarizerSample, BinarizerOptions> Wrong => new()
    {
        { "too few", BinarizerSamples.Mirrored(100), new BinarizerOptions() },
        { "positives given", BinarizerSamples.Mirrored(300) with { Positives = [1] }, new BinarizerOptions() },
        { "document 300 of 300", BinarizerSamples.Mirrored(300) with { Positives = [.. Enumerable.Range(1, 300)] },
            new BinarizerOptions() },
        { "NaN", BinarizerSamples.Mirrored(300) with { Documents = [.. Enumerable.Repeat(float.NaN, 4_800)] }, new BinarizerOptions() },
        { "Bits", BinarizerSamples.Mirrored(300), new BinarizerOptions { Bits = 5 } },
        { "no whole numbers of rows", BinarizerSamples.Mirrored(300) with { Queries = new float[7] }, new BinarizerOptions() },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Train_WrongInput_SaysWhatIsWrong(string expected, BinarizerSample sample, BinarizerOptions options)
    {
        ArgumentException exception = Assert.ThrowsAny<ArgumentException>(() => Train(sample, options));

        Assert.Contains(expected, exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void TrainCompatible_RotatedSpace_SearchesTheOldCodes()
    {
        CompatibleSample sample = BinarizerSamples.Rotated(500, bend: 0);
        EntryCodec old = Codecs.FindFamily(Inner).Train(Inner, new TrainingSample { Dimension = sample.OldDimension, Rows = [] }, default);

        BinarizerTraining training =
            BinarizerTrainer.TrainCompatible(old, sample, BinarizerSamples.Options with { Steps = 30 }, null, default);

        // The ridge map undoes a rotation but for its penalty and the rounding of int8.
        Assert.True(training.Codec.IsCompatible);
        Assert.Same(old, training.Codec.Inner);
        Assert.InRange(training.Report.FloatAcross!.Value.Mean, 0.97, 1);
        Assert.InRange(training.Report.ClosedForm.Mean, 0.9, 1);
        Assert.InRange(training.Report.NewDocuments!.Value.Mean, 0.9, 1);
        Assert.Null(training.Report.OldQueries);
        byte[] oldChunk = old.Encode(new EntryRows(sample.OldDimension, sample.OldDocuments, [.. Enumerable.Range(0, 501)]));
        float[] query = sample.New.Documents[..sample.New.Dimension];
        float[] expected = new float[500], actual = new float[500];
        old.CreateScorer(new MultiVectorView(old.Dimension, training.Codec.Transform(query))).Score(oldChunk, expected);
        training.Codec.CreateScorer(new MultiVectorView(sample.New.Dimension, query)).Score(oldChunk, actual);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void TrainCompatible_BentSpaceWithPairs_LearnsWhatNoLinearMapDoes()
    {
        CompatibleSample bent = BinarizerSamples.Rotated(800, bend: 6);
        CompatibleSample sample = bent with
        {
            New = bent.New with { Queries = bent.New.Documents, Positives = [.. Enumerable.Range(0, 800)] },
            OldQueries = bent.OldDocuments,
        };
        EntryCodec old = Codecs.FindFamily(Inner).Train(Inner, new TrainingSample { Dimension = sample.OldDimension, Rows = [] }, default);

        BinarizerReport report = BinarizerTrainer.TrainCompatible(old, sample, BinarizerSamples.Options, null, default).Report;

        Assert.Equal(1, report.OldQueries!.Value.Mean);
        Assert.True(report.Learned is null
            || report.Kept == (report.Difference!.Value.Low > 0 ? BinarizerChoice.Learned : BinarizerChoice.ClosedForm));
        Assert.InRange(report.ClosedForm.Mean, 0.5, 1);
    }

    [Fact]
    public void TrainCompatible_OldCodecOfAnotherDimension_SaysSo()
    {
        EntryCodec old = Codecs.FindFamily(Inner).Train(Inner, new TrainingSample { Dimension = 5, Rows = [] }, default);

        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => BinarizerTrainer.TrainCompatible(old, BinarizerSamples.Rotated(300, 0), BinarizerSamples.Options, null, default));

        Assert.Contains("d = 5, the old documents have d = 16", exception.Message, StringComparison.Ordinal);
    }

    private static BinarizerTraining Train(BinarizerSample sample, BinarizerOptions options) =>
        BinarizerTrainer.Train(sample, options, Inner, null, default);

    private sealed class CancelAtFirst(CancellationTokenSource source) : IProgress<BinarizerProgress>
    {
        public int Count { get; private set; }

        public void Report(BinarizerProgress value)
        {
            Count++;
            source.Cancel();
        }
    }
}
