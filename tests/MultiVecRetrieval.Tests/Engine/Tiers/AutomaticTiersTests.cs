using MultiVecRetrieval.Measuring;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>A collection that takes long to scan gets a tier by itself, unless its owner decided otherwise.</summary>
public sealed class AutomaticTiersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4, "bits:2 int8")]
    [InlineData(1, "ivf")]
    public void Maintain_ScanBeyondTheLatencyTarget_BuildsTiers(int rowsPerEntry, string specs)
    {
        using Collection collection = Create(TimeSpan.FromTicks(1), automatic: true, rowsPerEntry);

        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);

        IReadOnlyList<TierStatistics> tiers = collection.Tiers.Get("words");
        Assert.Equal(specs, string.Join(' ', tiers.Select(tier => tier.Spec)));
        Assert.All(tiers, tier =>
        {
            Assert.True(tier.IsTrained, tier.Problem);
            Assert.Equal(0, tier.MissingFileCount);
            Assert.NotNull(tier.Calibration);
        });
    }

    [Fact]
    public void Maintain_SpaceThatGrows_GetsBoundsFirstAndAddsTheRest()
    {
        using Collection collection = Create(TimeSpan.FromSeconds(1), automatic: true);

        Assert.Empty(BuildAt(nanosecondsPerRow: 25_000)); // 0.2 s for 8,000 rows
        Assert.Equal(["int8"], BuildAt(60_000));
        Assert.Equal(["int8", "bits:2"], BuildAt(200_000));

        // A machine that turns out to be faster takes nothing away.
        Assert.Equal(["int8", "bits:2"], BuildAt(25_000));

        string[] BuildAt(double nanosecondsPerRow)
        {
            TaughtSpeed.TeachExact(collection, queryRowCount: 16, nanosecondsPerRow);
            collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
            return [.. collection.Tiers.Get("words").Select(tier => tier.Spec)];
        }
    }

    [Theory]
    [InlineData(200_000, 200_000, RowFormat.Float32, 1.1, true, "ivf")]
    [InlineData(200_000, 200_000, RowFormat.Float32, 1, true, "")]
    [InlineData(1_048_576, 2_000, RowFormat.Float32, 0.25, true, "")]
    [InlineData(1_048_576, 2_000, RowFormat.Float32, 0.26, true, "int8")]
    [InlineData(1_048_575, 2_000, RowFormat.Float16, 1, true, "")]
    [InlineData(1_048_575, 2_000, RowFormat.Float32, 1.1, true, "bits:2 int8")] // too few rows to train so many centroids
    [InlineData(1_048_576, 2_000, RowFormat.Float32, 1.1, false, "bits:2 int8")]
    [InlineData(1_048_576, 2_000, RowFormat.Float32, 1.1, true, "codeset:16384 average:4/bits:2 int8")]
    [InlineData(1_048_576, 2_000, RowFormat.Int8, 1.1, true, "codeset:16384 average:4/bits:2")]
    public void GetSpecs_RowsAndEntries_SuitsThem(long rowCount, long entryCount, RowFormat format, double load, bool areSmooth,
        string specs) =>
        Assert.Equal(specs, string.Join(' ', AutomaticTiers.GetSpecs(rowCount, entryCount, format, load, () => areSmooth)));

    [Theory]
    [InlineData(true, 1_000)] // the scan is fast enough
    [InlineData(false, 0)] // switched off
    public void Maintain_NothingDue_BuildsNone(bool automatic, int targetMs)
    {
        using Collection collection = Create(targetMs == 0 ? TimeSpan.FromTicks(1) : TimeSpan.FromMilliseconds(targetMs), automatic);

        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(collection.Tiers.Get("words"));
    }

    [Fact]
    public void Maintain_AfterTheOwnerWantedNone_BuildsNone()
    {
        using Collection collection = Create(TimeSpan.FromTicks(1), automatic: true);
        collection.Tiers.Set("words", []);

        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(collection.Tiers.Get("words"));
    }

    [Fact]
    public void SetAutomaticTiers_AfterChoosing_TakesTheChosenAwayAndBuildsOneByItself()
    {
        using Collection collection = Create(TimeSpan.FromTicks(1), automatic: true);
        collection.Tiers.Set("words", ["float16"]);
        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(Assert.Single(collection.GetStatistics().Spaces).AreTiersChosen);

        collection.Tiers.SetAutomatic("words");

        Assert.Empty(collection.Tiers.Get("words"));
        Assert.False(Assert.Single(collection.GetStatistics().Spaces).AreTiersChosen);
        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(["bits:2", "int8"],
            collection.Tiers.Get("words").Where(tier => tier.Calibration is not null).Select(tier => tier.Spec));
        Assert.Throws<UnknownSpaceException>(() => collection.Tiers.SetAutomatic("other"));
    }

    [Fact]
    public void SetAutomaticTiers_ChosenIsWhatComesByItself_StaysTrained()
    {
        using Collection collection = Create(TimeSpan.FromTicks(1), automatic: true);
        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
        string[] specs = [.. collection.Tiers.Get("words").Select(tier => tier.Spec)];
        collection.Tiers.Set("words", [.. specs, "float16"]);
        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);

        collection.Tiers.SetAutomatic("words");

        Assert.Equal(specs, collection.Tiers.Get("words").Where(tier => tier.Calibration is not null).Select(tier => tier.Spec));
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
