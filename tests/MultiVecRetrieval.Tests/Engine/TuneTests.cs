using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Tuning measures tiers against exact answers on the collection's own entries.</summary>
public sealed class TuneTests : IDisposable
{
    private const int EntryCount = 400;
    private const int Dimension = 16;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tune_CodecWithoutLoss_NeedsNoMoreCandidatesThanHits()
    {
        using Collection collection = Create(EntryCount);

        TuneReport report =
            collection.Tiers.Tune(new TuneRequest { Space = "words", Tiers = ["float32", "int8"] },
            cancellationToken: TestContext.Current.CancellationToken);

        TierMeasurement lossless = report.Tiers.Single(tier => tier.Tier == "float32");
        Assert.Null(lossless.Problem);
        Assert.Equal(1, lossless.Recall);
        Assert.Equal(10, lossless.Budget);
        // 3 rows of 16 float32 values each, and what the chunk needs to find them.
        Assert.InRange(lossless.BytesPerEntry, 3 * Dimension * 4, (3 * Dimension * 4) + 64);
        Assert.Equal((EntryCount, EntryCount, 200),
            (report.EntryCount, report.SampledEntryCount, report.TuningQueryCount + report.HeldOutQueryCount));
    }

    [Theory]
    [InlineData("ivf")]
    [InlineData("hnsw:8")]
    [InlineData("average:3/ivf")]
    public void Tune_Index_FindsABudgetThatKeepsTheRecall(string tier)
    {
        using Collection collection = Create(EntryCount);

        TuneReport report =
            collection.Tiers.Tune(new TuneRequest { Space = "words", Tiers = [tier, "float32"] },
            cancellationToken: TestContext.Current.CancellationToken);

        TierMeasurement index = report.Tiers.Single(measured => measured.Tier == tier);
        Assert.Null(index.Problem);
        Assert.InRange(index.Budget, 10, EntryCount - 1);
        Assert.InRange(index.RecallHigh, report.Recall, 1);
        Assert.True(index.Milliseconds > 0);
        // int8 codes of a row, of three unless they are averaged, padded to 64 values.
        Assert.InRange(index.BytesPerEntry, tier.StartsWith("average", StringComparison.Ordinal) ? 64 : 192, 2000);
    }

    [Fact]
    public void Tune_HeldOutInterval_HoldsTheMeasuredRecall()
    {
        using Collection collection = Create(EntryCount);

        TuneReport report =
            collection.Tiers.Tune(new TuneRequest { Space = "words", Tiers = ["int8"] },
            cancellationToken: TestContext.Current.CancellationToken);

        TierMeasurement tier = Assert.Single(report.Tiers);
        Assert.InRange(tier.Recall, tier.RecallLow, tier.RecallHigh);
        Assert.True(tier.RecallHigh >= report.Recall, $"int8 of {Dimension} values is nearly exact, recall {tier.Recall}");
    }

    [Fact]
    public void Tune_TierThatNeedsMoreRows_SaysSoInItsLineAndMeasuresTheOthers()
    {
        using Collection collection = Create(EntryCount);

        TuneReport report =
            collection.Tiers.Tune(new TuneRequest { Space = "words", Tiers = ["codes:60000", "int8"] },
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("at least 60000 rows", report.Tiers.Single(tier => tier.Tier == "codes:60000").Problem, StringComparison.Ordinal);
        Assert.Null(report.Tiers.Single(tier => tier.Tier == "int8").Problem);
    }

    [Fact]
    public void Tune_SameRequestTwice_ChoosesTheSame()
    {
        using Collection collection = Create(EntryCount);
        TuneRequest request = new() { Space = "words", Tiers = ["int8"], Seed = 5 };

        TierMeasurement first = collection.Tiers.Tune(request, cancellationToken: TestContext.Current.CancellationToken).Tiers[0];
        TierMeasurement second = collection.Tiers.Tune(request, cancellationToken: TestContext.Current.CancellationToken).Tiers[0];

        Assert.Equal((first.Budget, first.Recall, first.RecallLow, first.BytesPerEntry),
            (second.Budget, second.Recall, second.RecallLow, second.BytesPerEntry));
    }

    [Fact]
    public void Tune_FewEntries_SaysHowManyAreNeeded()
    {
        using Collection collection = Create(20);

        TooFewEntriesException error =
            Assert.Throws<TooFewEntriesException>(() => collection.Tiers.Tune(new TuneRequest { Space = "words" }));

        Assert.Contains("at least 100", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void Tune_RecallOutOfRange_IsRefused(double recall)
    {
        using Collection collection = Create(EntryCount);

        Assert.Throws<ArgumentOutOfRangeException>(() => collection.Tiers.Tune(new TuneRequest { Space = "words", Recall = recall }));
    }

    [Fact]
    public void Tune_QueriesOfAnotherDimension_AreRefused()
    {
        using Collection collection = Create(EntryCount);
        MultiVector[] queries = [.. Enumerable.Range(0, 30).Select(i => Samples.Rows(new Random(i), 2, Dimension + 1))];

        Assert.Throws<DimensionMismatchException>(() => collection.Tiers.Tune(new TuneRequest { Space = "words", Queries = queries }));
    }

    private Collection Create(int entryCount)
    {
        Collection collection =
            Collection.Create(_folder.PathOf($"c{entryCount}"), new CollectionOptions { Spaces = [Samples.Space(dimension: Dimension)] });
        Random random = new(Seed: 7);
        using CollectionWriter writer = collection.BeginWrite(TestContext.Current.CancellationToken);
        for (int i = 0; i < entryCount; i++)
        {
            writer.BeginDocument(Samples.Document($"d{i:0000}"));
            writer.Add(Samples.Content($"d{i:0000}#page=1", Samples.Rows(random, 3, Dimension)));
        }

        writer.Commit();
        return collection;
    }
}
