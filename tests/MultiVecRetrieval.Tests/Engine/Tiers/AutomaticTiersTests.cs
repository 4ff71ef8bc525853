using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>A collection that takes long to scan gets a tier by itself, unless its owner decided otherwise.</summary>
public sealed class AutomaticTiersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4, "bits:2")]
    [InlineData(1, "ivf")]
    public void Maintain_ScanBeyondTheLatencyTarget_BuildsATier(int rowsPerEntry, string spec)
    {
        using Collection collection = Create(TimeSpan.FromTicks(1), automatic: true, rowsPerEntry);

        collection.Maintain(cancellationToken: TestContext.Current.CancellationToken);

        TierStatistics tier = Assert.Single(collection.GetTiers("words"));
        Assert.True(tier.IsTrained, tier.Problem);
        Assert.Equal(spec, tier.Spec);
        Assert.Equal(0, tier.MissingFileCount);
        Assert.NotNull(tier.Calibration);
    }

    [Theory]
    [InlineData(200_000, 200_000, "ivf")]
    [InlineData(1_048_575, 2_000, "bits:2")] // too few rows to train so many centroids
    [InlineData(1_048_576, 2_000, "codeset:16384 bits:2")]
    public void GetSpecs_RowsAndEntries_SuitsThem(long rowCount, long entryCount, string specs) =>
        Assert.Equal(specs, string.Join(' ', AutomaticTiers.GetSpecs(rowCount, entryCount)));

    [Theory]
    [InlineData(true, 1_000)] // the scan is fast enough
    [InlineData(false, 0)] // switched off
    public void Maintain_NothingDue_BuildsNone(bool automatic, int targetMs)
    {
        using Collection collection = Create(targetMs == 0 ? TimeSpan.FromTicks(1) : TimeSpan.FromMilliseconds(targetMs), automatic);

        collection.Maintain(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(collection.GetTiers("words"));
    }

    [Fact]
    public void Maintain_AfterTheOwnerWantedNone_BuildsNone()
    {
        using Collection collection = Create(TimeSpan.FromTicks(1), automatic: true);
        collection.SetTiers("words", []);

        collection.Maintain(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(collection.GetTiers("words"));
    }

    [Fact]
    public void SetAutomaticTiers_AfterChoosing_TakesTheChosenAwayAndBuildsOneByItself()
    {
        using Collection collection = Create(TimeSpan.FromTicks(1), automatic: true);
        collection.SetTiers("words", ["float16"]);
        collection.Maintain(cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(Assert.Single(collection.GetStatistics().Spaces).AreTiersChosen);

        collection.SetAutomaticTiers("words");

        Assert.Empty(collection.GetTiers("words"));
        Assert.False(Assert.Single(collection.GetStatistics().Spaces).AreTiersChosen);
        collection.Maintain(cancellationToken: TestContext.Current.CancellationToken);
        Assert.NotNull(Assert.Single(collection.GetTiers("words")).Calibration);
        Assert.Throws<UnknownSpaceException>(() => collection.SetAutomaticTiers("other"));
    }

    [Fact]
    public void SetAutomaticTiers_ChosenIsWhatComesByItself_StaysTrained()
    {
        using Collection collection = Create(TimeSpan.FromTicks(1), automatic: true);
        collection.Maintain(cancellationToken: TestContext.Current.CancellationToken);
        string spec = Assert.Single(collection.GetTiers("words")).Spec;
        collection.SetTiers("words", [spec, "float16"]);
        collection.Maintain(cancellationToken: TestContext.Current.CancellationToken);

        collection.SetAutomaticTiers("words");

        TierStatistics tier = Assert.Single(collection.GetTiers("words"));
        Assert.Equal((spec, true), (tier.Spec, tier.Calibration is not null));
    }

    private Collection Create(TimeSpan target, bool automatic, int rowsPerEntry = 4)
    {
        Collection collection = Collection.Create(_folder.PathOf("c"), new CollectionOptions
        {
            Spaces = [Samples.Space(dimension: 16)],
            LatencyTarget = target,
            SearchThreads = 1,
            AutomaticTiers = automatic,
            BuildTiersInBackground = false,
        });
        Random random = new(Seed: 11);
        using CollectionWriter writer = collection.BeginWrite(TestContext.Current.CancellationToken);
        // Thousands of rows take more than the 100 ns of a tick on any machine.
        for (int i = 0; i < 8000 / rowsPerEntry; i++)
        {
            writer.BeginDocument(Samples.Document($"d{i:0000}"));
            writer.Add(Samples.Content($"d{i:0000}#page=1", Samples.Rows(random, rowsPerEntry, 16)));
        }

        writer.Commit();
        return collection;
    }
}
