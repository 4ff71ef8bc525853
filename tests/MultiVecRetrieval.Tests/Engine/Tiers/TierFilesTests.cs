using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

public class TierFilesTests
{
    private static readonly CollectionOptions Options = TierSamples.Options();

    [Fact]
    public void Maintain_TierThatCannotBeMade_SaysWhyAndTheOthersAreBuilt()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder.PathOf("c"), TierSamples.Options());
        TierSamples.Fill(collection, documents: 20);
        collection.Tiers.Set("words", ["codes:60000", "codes:50000", "int8"]);

        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);

        IReadOnlyList<TierStatistics> tiers = collection.Tiers.Get("words");
        Assert.Contains("at least 60000 rows", tiers.Single(tier => tier.Spec == "codes:60000").Problem, StringComparison.Ordinal);
        Assert.Contains("at least 50000 rows", tiers.Single(tier => tier.Spec == "codes:50000").Problem, StringComparison.Ordinal);
        Assert.NotNull(tiers.Single(tier => tier.Spec == "int8").Calibration);
    }

    [Fact]
    public void Search_OneHitMoreThanMeasured_UsesTheMeasurementOfTheHits()
    {
        using TemporaryFolder folder = new();
        using Collection collection =
            Collection.Create(folder.PathOf("c"), TierSamples.Options() with { LatencyTarget = TimeSpan.FromTicks(1) });
        TierSamples.Fill(collection, documents: 60);
        collection.Tiers.Set("words", ["bits:2"]);
        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
        TierCalibration calibration = collection.Tiers.Get("words")[0].Calibration!;
        SearchRequest request = TierSamples.Request(TierSamples.Query(1)) with { Effort = SearchEffort.AtRecall(0.5) };

        SearchPlan plan = collection.Search(request with { Top = 11 }, TestContext.Current.CancellationToken).Plans[0];

        // With so few entries an exact search may win; when the tier does, the recall it reports is that of ten hits.
        if (plan.Stages.Count > 1)
        {
            Assert.Contains(calibration.Budgets, step => step.Top == 10 && step.Recall == plan.EstimatedRecall);
        }
        else
        {
            Assert.Contains("recall of 0.5", plan.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Open_ParametersOfATierThatWasNotListedAsTrained_AreRemovedAndMadeAnew()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("c");
        long tier;
        using (Collection collection = Collection.Create(path, TierSamples.Options()))
        {
            TierSamples.Fill(collection, documents: 20);
            collection.Tiers.Set("words", ["int8"]);
            tier = Assert.Single(TierTable.GetTiers(collection.Store.Catalog.Writer)).Id;
        }

        // As a process leaves it that died between writing the file and listing it.
        string leftover = Path.Combine(path, "segments", TierLayout.GetCodecFileName(tier));
        File.WriteAllBytes(leftover, [1, 2, 3]);

        using Collection opened = Collection.Open(path, writable: true, TierSamples.Options());
        Assert.False(File.Exists(leftover));
        opened.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(Assert.Single(opened.Tiers.Get("words")).IsTrained);
        Assert.Empty(opened.Upkeep.Verify(TestContext.Current.CancellationToken).Problems);
    }

    [Fact]
    public void Maintain_AfterSetTiers_EncodesEverySegmentAndMeasures()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, Options);
        TierSamples.Fill(collection, 10);
        List<MaintenanceProgress> progress = [];

        collection.Tiers.Set("words", ["int8", "float16"]);
        Assert.All(collection.Tiers.Get("words"), tier => Assert.Equal((false, 10), (tier.IsTrained, tier.MissingFileCount)));
        collection.Upkeep.Run(new Listener(progress));

        IReadOnlyList<TierStatistics> tiers = collection.Tiers.Get("words");
        Assert.Equal(["int8", "float16"], tiers.Select(tier => tier.Spec));
        Assert.All(tiers, tier =>
        {
            Assert.Equal((true, 0, 50L), (tier.IsTrained, tier.MissingFileCount, tier.EncodedEntryCount));
            Assert.Equal(50, tier.Calibration!.EntryCount);
            Assert.Equal(1, tier.Calibration.Budgets.Last(step => step.Top == 10).Recall);
        });
        Assert.Equal(22, TierSamples.Files(folder).Count(name => !name.EndsWith(".rows", StringComparison.Ordinal)));
        Assert.Equal(
            TierSamples.Files(folder)
                .Sum(name => new FileInfo(Path.Combine(folder, "segments", name)).Length)
                + new FileInfo(Path.Combine(folder, "catalog.db")).Length
                + new FileInfo(Path.Combine(folder, "catalog.db-wal")).Length,
            collection.GetStatistics().SizeInBytes);
        Assert.Equal([MaintenanceStep.Train, MaintenanceStep.Encode, MaintenanceStep.Calibrate],
            progress.Select(step => step.Step).Distinct().Order());
        Assert.Empty(collection.Upkeep.Verify().Problems);
    }

    [Fact]
    public void SetTiers_Dropped_FilesGoWithTheLastSnapshotThatUsesThem()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, Options);
        TierSamples.Fill(collection, 3);
        collection.Tiers.Set("words", ["int8"]);
        collection.Upkeep.Run();
        SearchRequest request = TierSamples.Request(TierSamples.Query(1), "int8", 10);
        using (Snapshot snapshot = collection.OpenSnapshot())
        {
            collection.Tiers.Set("words", []);

            Assert.Equal(["int8", "exact"], snapshot.Search(request).Plans[0].Stages);
            Assert.Equal(4, TierSamples.Files(folder).Count(name => !name.EndsWith(".rows", StringComparison.Ordinal)));
            Assert.Throws<SearchOptionException>(() => collection.Search(request));
        }

        Assert.All(TierSamples.Files(folder), name => Assert.EndsWith(".rows", name, StringComparison.Ordinal));
    }

    [Fact]
    public void MergeSegments_WithTiers_LeavesNoSegmentWithoutCodes()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, Options);
        TierSamples.Fill(collection, 10);
        collection.Tiers.Set("words", ["int8"]);
        collection.Upkeep.Run();
        SearchRequest request = TierSamples.Request(TierSamples.Query(1), "int8", 17);
        SearchResult before = collection.Search(request);

        collection.Upkeep.MergeSegments();

        TierStatistics tier = Assert.Single(collection.Tiers.Get("words"));
        Assert.Equal((0, 50L), (tier.MissingFileCount, tier.EncodedEntryCount));
        Assert.Equal(3, TierSamples.Files(folder).Length);
        SearchResult after = collection.Search(request);
        Assert.Equal(TierSamples.Scores(before), TierSamples.Scores(after));
        Assert.Equal(before.Plans[0].ExactCount, after.Plans[0].ExactCount);
    }

    [Fact]
    public void Search_CodesDamagedAtAnyByte_AnswersStayRightAndMaintenanceMends()
    {
        using TemporaryFolder folder = new();
        MultiVector query = TierSamples.Query(2);
        (string Key, double Score)[] expected;
        using (Collection collection = Collection.Create(folder, Options))
        {
            TierSamples.Fill(collection, 1);
            collection.Tiers.Set("words", ["int8"]);
            collection.Upkeep.Run();
            expected = TierSamples.Scores(collection.Search(TierSamples.Request(query)));
        }

        string path = Assert.Single(Directory.GetFiles(Path.Combine(folder, "segments"), "*.codes"));
        byte[] sound = File.ReadAllBytes(path);
        int noticed = 0;
        for (int i = 0; i < sound.Length; i += 7)
        {
            byte[] damaged = [.. sound];
            damaged[i] ^= (byte)(1 << (i % 8));
            File.WriteAllBytes(path, damaged);
            using Collection collection = Collection.Open(folder, writable: false, Options);

            SearchResult result = collection.Search(TierSamples.Request(query, "int8", 1000));

            Assert.Equal(expected, TierSamples.Scores(result));
            noticed += collection.Upkeep.Verify().Problems.Count;
        }

        // Padding between header, chunks and table is all that no checksum covers.
        Assert.InRange(noticed, (sound.Length / 7) - 40, (sound.Length / 7) + 1);
        foreach (Func<byte[], byte[]> damage in new Func<byte[],
            byte[]>[] { bytes => bytes[..100], bytes => bytes[..^1], bytes => Flip(bytes, 200) })
        {
            string damagedPath = Assert.Single(Directory.GetFiles(Path.Combine(folder, "segments"), "*.codes"));
            File.WriteAllBytes(damagedPath, damage([.. sound]));
            using Collection collection = Collection.Open(folder, writable: true, Options);
            Assert.NotEmpty(collection.Upkeep.Verify().Problems);

            collection.Upkeep.Run();

            Assert.Empty(collection.Upkeep.Verify().Problems);
            Assert.False(File.Exists(damagedPath));
            Assert.Equal(5, collection.Search(TierSamples.Request(query, "int8", 1000)).Plans[0].CodedCount);
        }
    }

    [Fact]
    public void Search_ParametersDamaged_AnswersExactlyAndMaintenanceMends()
    {
        using TemporaryFolder folder = new();
        using (Collection collection = Collection.Create(folder, Options))
        {
            TierSamples.Fill(collection, 3);
            collection.Tiers.Set("words", ["int8"]);
            collection.Upkeep.Run();
        }

        string path = Assert.Single(Directory.GetFiles(Path.Combine(folder, "segments"), "*.codec"));
        File.WriteAllBytes(path, Flip(File.ReadAllBytes(path), 30));
        using Collection reopened = Collection.Open(folder, writable: true, Options);
        SearchRequest request = TierSamples.Request(TierSamples.Query(1), "int8", 10);

        SearchResult result = reopened.Search(request);
        Assert.True(result.IsExact);
        Assert.Contains(path, result.Plans[0].Reason, StringComparison.Ordinal);
        Assert.Contains(path, Assert.Single(reopened.Upkeep.Verify().Problems), StringComparison.Ordinal);
        reopened.Upkeep.Run();

        Assert.Empty(reopened.Upkeep.Verify().Problems);
        Assert.Equal(15, reopened.Search(request).Plans[0].CodedCount);
        Assert.Equal(7, TierSamples.Files(folder).Length);
    }

    [Fact]
    public void SetRowFormat_Int8_RewritesEverySegmentAndKeepsTiersAndAnswers()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, Options);
        TierSamples.Fill(collection, 10);
        collection.Tiers.Set("words", ["float16"]);
        collection.Upkeep.Run();
        MultiVector query = TierSamples.Query(1);
        (string Key, double Score)[] before = TierSamples.Scores(collection.Search(TierSamples.Request(query, top: 50)));

        Assert.True(collection.SetRowFormat("words", RowFormat.Int8));
        TierSamples.Fill(collection, 1, seed: 5, prefix: "e");

        // Before the rewriting: both formats side by side, each scored as it is stored.
        SearchResult mixed = collection.Search(TierSamples.Request(query, top: 100));
        Assert.Equal(before, TierSamples.Scores(mixed).Where(hit => hit.Key[0] == 'd'));
        Assert.Equal(10, collection.GetStatistics().Spaces[0].OldFormatSegmentCount);
        collection.Upkeep.Run();

        SpaceStatistics space = collection.GetStatistics().Spaces[0];
        Assert.Equal((RowFormat.Int8, 0, 11, 55L), (space.RowFormat, space.OldFormatSegmentCount, space.SegmentCount, space.EntryCount));
        Assert.Equal(0, Assert.Single(space.Tiers).MissingFileCount);
        Assert.Empty(collection.Upkeep.Verify().Problems);
        Dictionary<string,
            double> after =
            collection.Search(TierSamples.Request(query, top: 100)).Hits.ToDictionary(hit => hit.Entry.Key, hit => hit.Score);

        // Codes of row and query have steps of max/127; over 16 values each product errs by at most half a step of the one times the
        // length of the other. Rows are at most 1.7 long.
        Assert.All(before, hit => Assert.Equal(hit.Score, after[hit.Key], 4 * 1.7 * 2 * 4 / 127));
        Assert.False(collection.SetRowFormat("words", RowFormat.Float32));
        collection.Upkeep.Run();
        Assert.Equal(RowFormat.Float32, collection.GetStatistics().Spaces[0].RowFormat);
        Assert.Empty(collection.Upkeep.Verify().Problems);
    }

    [Fact]
    public void Maintain_AnyOperationFails_KeepsAnswersAndLaterFinishes()
    {
        int failing = 1;
        MultiVector query = TierSamples.Query(4);
        (string Key, double Score)[]? expected = null;
        for (bool isThrough = false; !isThrough; failing++)
        {
            using TemporaryFolder folder = new();
            using (Collection filled = Collection.Create(folder, Options))
            {
                TierSamples.Fill(filled, 2);
                expected ??= TierSamples.Scores(filled.Search(TierSamples.Request(query)));
            }

            FaultyStorage storage = new(failing);
            using (Collection collection = Collection.Open(folder, writable: true, Options, storage))
            {
                Try(() => collection.Tiers.Set("words", ["int8"]));
                Try(() => collection.Upkeep.Run());
                Try(() => collection.Upkeep.MergeSegments());
                Try(() => collection.Tiers.Set("words", ["float16"]));
                Assert.Equal(expected, TierSamples.Scores(collection.Search(TierSamples.Request(query))));
                Assert.Empty(collection.Upkeep.Verify().Problems);
                isThrough = storage.Operations.Count < failing;
            }

            using Collection reopened = Collection.Open(folder, writable: true, Options);
            reopened.Tiers.Set("words", ["float16"]);
            reopened.Upkeep.Run();
            Assert.Equal(expected, TierSamples.Scores(reopened.Search(TierSamples.Request(query, "float16", 100))));
            Assert.Empty(reopened.Upkeep.Verify().Problems);
            Assert.Equal(reopened.GetStatistics().SegmentCount * 2 + 1, TierSamples.Files(folder).Length);
        }

        // Training, encoding, measuring, merging and dropping reach the disk more often than this.
        Assert.InRange(failing, 30, 300);
    }

    [Fact]
    public void Maintain_Cancelled_GoesOnLater()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, Options);
        TierSamples.Fill(collection, 5);
        collection.Tiers.Set("words", ["int8"]);
        using CancellationTokenSource source = new();
        List<MaintenanceProgress> progress = [];

        Assert.Throws<OperationCanceledException>(() => collection.Upkeep.Run(
            new Listener(progress, step => { if (step.Step == MaintenanceStep.Encode) { source.Cancel(); } }), source.Token));

        Assert.InRange(collection.Tiers.Get("words")[0].MissingFileCount, 1, 5);
        collection.Upkeep.Run();
        Assert.Equal(0, collection.Tiers.Get("words")[0].MissingFileCount);
    }

    [Fact]
    public void SetTiers_UnknownOrTwice_ThrowsAndChangesNothing()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, Options);

        Assert.Throws<SpecException>(() => collection.Tiers.Set("words", ["nothing:7"]));
        Assert.Throws<ArgumentException>(() => collection.Tiers.Set("words", ["int8", "int8"]));
        Assert.Throws<UnknownSpaceException>(() => collection.Tiers.Set("other", ["int8"]));
        Assert.Throws<UnknownSpaceException>(() => collection.Tiers.Get("other"));

        Assert.Empty(collection.Tiers.Get("words"));
        using Collection reader = Collection.Open(folder, writable: false);
        Assert.Throws<InvalidOperationException>(() => reader.Tiers.Set("words", ["int8"]));
        Assert.Throws<InvalidOperationException>(() => reader.Upkeep.Run());
    }

    [Fact]
    public void QuerySample_GivenQueries_AreKeptAndMeasuredWith()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, Options);
        TierSamples.Fill(collection, 5);
        MultiVector[] queries = [.. Enumerable.Range(0, 60).Select(seed => TierSamples.Query(seed, 1 + (seed % 3)))];
        collection.Tiers.SetQueries("words", queries);
        collection.Tiers.Set("words", ["int8"]);

        collection.Upkeep.Run();

        Assert.Equal(queries.Select(query => query.Values.ToArray()),
            collection.Tiers.GetQueries("words").Select(query => query.Values.ToArray()));
        TierCalibration calibration = collection.Tiers.Get("words")[0].Calibration!;
        Assert.Equal(("given", 30), (calibration.Queries, calibration.QueryCount));
        Assert.Throws<DimensionMismatchException>(() => collection.Tiers.SetQueries("words", [new MultiVector(3, new float[3])]));
        Assert.Throws<ArgumentException>(() => collection.Tiers.SetQueries("words", [new MultiVector(TierSamples.Dimension, [])]));
    }

    [Fact]
    public void Maintain_SpaceHasGrown_TrainsAndMeasuresAnew()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, Options);
        TierSamples.Fill(collection, 2);
        collection.Tiers.Set("words", ["int8"]);
        collection.Upkeep.Run();
        string[] before = [.. TierSamples.Files(folder).Where(name => name.EndsWith(".codec", StringComparison.Ordinal))];

        TierSamples.Fill(collection, 20, seed: 3, prefix: "e");
        collection.Upkeep.Run();

        TierStatistics tier = Assert.Single(collection.Tiers.Get("words"));
        Assert.Equal((110L, 0), (tier.Calibration!.EntryCount, tier.MissingFileCount));
        Assert.NotEqual(before, TierSamples.Files(folder).Where(name => name.EndsWith(".codec", StringComparison.Ordinal)));
        Assert.Equal((22 * 2) + 1, TierSamples.Files(folder).Length);
    }

    [Fact]
    public void Background_SetTiers_BuildsWithoutBeingWaitedFor()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, Options with { BuildTiersInBackground = true });
        TierSamples.Fill(collection, 5);
        collection.Tiers.Set("words", ["int8"]);

        bool isBuilt =
            SpinWait.SpinUntil(() => collection.Tiers.Get("words")[0] is { Calibration: not null, MissingFileCount: 0 },
            TimeSpan.FromSeconds(60));

        Assert.True(isBuilt);
        Assert.Empty(collection.Upkeep.Verify().Problems);
    }

    private static byte[] Flip(byte[] bytes, int index)
    {
        bytes[index] ^= 1;
        return bytes;
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (IOException)
        {
        }
    }

    private sealed class Listener(List<MaintenanceProgress> steps, Action<MaintenanceProgress>? heard = null)
        : IProgress<MaintenanceProgress>
    {
        public void Report(MaintenanceProgress value)
        {
            steps.Add(value);
            heard?.Invoke(value);
        }
    }
}
