namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>What was measured of a tier is looked at again when many entries were added.</summary>
public sealed class TierCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<MaintenanceProgress> _steps = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Maintain_MoreOfTheSame_IsCheckedOnceAndStaysAsItIs()
    {
        using Collection collection = Create("codes:16");
        TierCalibration first = Assert.Single(collection.Tiers.Get("words")).Calibration!;
        Assert.Null(first.Check);
        TierSamples.AddAround(collection, 120, centre: 0, seed: 2);

        Maintain(collection);
        Maintain(collection);

        TierCalibration checkedAgain = Assert.Single(collection.Tiers.Get("words")).Calibration!;
        TierCheck check = checkedAgain.Check!;
        Assert.InRange(check.Drift!.Value, 0.7, 1.4);
        Assert.False(check.HasDrifted);
        Assert.Equal((20, 10, 420L), (check.QueryCount, check.Top, check.LastEntryId));
        Assert.Equal((first.ScoreError, first.LastEntryId), (checkedAgain.ScoreError, checkedAgain.LastEntryId));
        Assert.Equal(2, _steps.Count(step => step.Step == MaintenanceStep.Check));
        Assert.DoesNotContain(_steps, step => step.Step == MaintenanceStep.Train);
    }

    [Fact]
    public void Maintain_EntriesUnlikeThoseTrainedOn_TrainsAnewUntilTheyAreNoLonger()
    {
        using Collection collection = Create("codes:16");
        double before = Assert.Single(collection.Tiers.Get("words")).Calibration!.ScoreError!.Value;
        TierSamples.AddAround(collection, 150, centre: 8, seed: 3);

        Maintain(collection);

        TierStatistics tier = Assert.Single(collection.Tiers.Get("words"));
        Assert.Contains(_steps, step => step.Step == MaintenanceStep.Check);
        Assert.Single(_steps, step => step is { Step: MaintenanceStep.Train, Done: 0 });
        Assert.Null(tier.Calibration!.Check);
        Assert.Equal(450, tier.Calibration.LastEntryId);
        Assert.True(tier.Calibration.ScoreError < 3 * before, $"{tier.Calibration.ScoreError} after, {before} before");
        Maintain(collection);
        Assert.Single(_steps, step => step is { Step: MaintenanceStep.Train, Done: 0 });
    }

    [Fact]
    public void Maintain_LessIsFoundThanWasPromised_IsMeasuredAnewAtOnce()
    {
        using Collection collection = Collection.Create(_folder.PathOf("c"), TierSamples.Options());
        TierSamples.Fill(collection, documents: 80);
        collection.Tiers.Set("words", ["bits:1"]);
        Maintain(collection);
        TierCalibration made = Assert.Single(collection.Tiers.Get("words")).Calibration!;
        _steps.Clear();

        // Rows of entries are found easily; these queries lie nowhere near them.
        collection.Tiers.SetQueries("words", [.. Enumerable.Range(0, 60).Select(seed => TierSamples.Query(seed + 100, rowCount: 1))]);
        TierSamples.Fill(collection, documents: 30, seed: 2, prefix: "later");
        Maintain(collection);

        TierCalibration given = Assert.Single(collection.Tiers.Get("words")).Calibration!;
        Assert.True(given.Check!.Recall < given.Check.PromisedRecall, $"{given.Check.Recall} found, {given.Check.PromisedRecall} promised");
        Assert.Equal(("made", "given", 550L), (made.Queries, given.Queries, given.EntryCount));
        Assert.Equal(made.ScoreError, given.ScoreError);
        Assert.Contains(_steps, step => step.Step == MaintenanceStep.Calibrate);
    }

    [Theory]
    [InlineData(99, false)]
    [InlineData(100, true)]
    public void Maintain_FewOrManyAdded_ChecksFromOneHundredOn(int added, bool isChecked)
    {
        using Collection collection = Create("int8");
        TierSamples.AddAround(collection, added, centre: 0, seed: 4);

        Maintain(collection);

        TierCheck? check = Assert.Single(collection.Tiers.Get("words")).Calibration!.Check;
        Assert.Equal(isChecked, check is not null);
        if (check is not null)
        {
            Assert.Equal((1.0, false), (check.Recall, check.HasDrifted));
        }
    }

    [Theory]
    [InlineData(99, 0, false)]
    [InlineData(100, 0, true)]
    [InlineData(60, 39, false)]
    [InlineData(60, 40, true)]
    public void Maintain_FewOrManyRemoved_ChecksFromOneHundredChangesOn(int removed, int added, bool isChecked)
    {
        using Collection collection = Create("int8");
        using (CollectionWriter writer = collection.BeginWrite(TestContext.Current.CancellationToken))
        {
            for (int i = 0; i < removed; i++)
            {
                writer.Delete($"s1d{i}");
            }

            writer.Commit();
        }

        TierSamples.AddAround(collection, added, centre: 0, seed: 5);
        Maintain(collection);
        Maintain(collection);

        TierCheck? check = Assert.Single(collection.Tiers.Get("words")).Calibration!.Check;
        Assert.Equal(isChecked ? 300L - removed + added : (long?)null, check?.EntryCount);
        Assert.Equal(isChecked ? 2 : 0, _steps.Count(step => step.Step == MaintenanceStep.Check));
    }

    private Collection Create(string tier)
    {
        Collection collection = Collection.Create(_folder.PathOf("c"), TierSamples.Options());
        TierSamples.AddAround(collection, 300, centre: 0, seed: 1);
        collection.Tiers.Set("words", [tier]);
        Maintain(collection);
        _steps.Clear();
        return collection;
    }

    private void Maintain(Collection collection) => collection.Upkeep.Run(new Listener(_steps), TestContext.Current.CancellationToken);

    private sealed class Listener(List<MaintenanceProgress> steps) : IProgress<MaintenanceProgress>
    {
        public void Report(MaintenanceProgress value) => steps.Add(value);
    }
}
