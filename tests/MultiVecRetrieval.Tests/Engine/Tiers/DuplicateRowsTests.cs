using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>More equal entries than any budget that is measured: which of them a tier finds is the same.</summary>
public class DuplicateRowsTests
{
    // The largest budget that an index is measured with is 4,000.
    private const int EqualCount = 5_000;
    private const int OtherCount = 1_500;

    [Theory]
    [InlineData("bits:2")]
    [InlineData("hnsw:8")]
    [InlineData("ivf")]
    public void Maintain_MostEntriesAreEqual_MeasuresThatTheBestAreFound(string tier)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder);
        collection.Tiers.Set("words", [tier]);

        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);

        TierCalibration calibration = Assert.Single(collection.Tiers.Get("words")).Calibration!;
        Assert.InRange(calibration.Budgets.Where(step => step.Top == 10).Max(step => step.Recall), 0.99, 1);
    }

    [Theory]
    [InlineData("bits:2")]
    [InlineData("hnsw:8")]
    [InlineData("ivf")]
    public void Tune_MostEntriesAreEqual_MeasuresThatTheBestAreFound(string tier)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder);

        TuneReport report = collection.Tiers.Tune(
            new TuneRequest { Space = "words", Tiers = [tier] }, cancellationToken: TestContext.Current.CancellationToken);

        TierMeasurement measured = Assert.Single(report.Tiers);
        Assert.InRange(measured.Recall, 0.95, 1);
        Assert.InRange(measured.Budget, 1, 1_000);
    }

    private static Collection Make(string folder)
    {
        Collection collection = Collection.Create(folder, TierSamples.Options() with { WriteBufferInBytes = 1 << 22 });
        Random random = new(Seed: 5);
        MultiVector topics = Samples.Rows(new Random(99), 12, TierSamples.Dimension);
        MultiVector blank = Samples.Rows(new Random(7), 1, TierSamples.Dimension);
        Samples.AddDocument(collection, "d", [.. Enumerable.Range(1, EqualCount + OtherCount).Select(page => Samples.Content(
            $"d#page={page}",
            page * OtherCount / (EqualCount + OtherCount) == (page - 1) * OtherCount / (EqualCount + OtherCount)
                ? blank
                : TierSamples.Around(topics, random.Next(12), 1, random),
            page: page))]);
        return collection;
    }
}
