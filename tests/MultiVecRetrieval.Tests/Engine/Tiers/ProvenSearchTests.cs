using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>A search that asks for nothing goes by upper bounds where they are expected to be the cheapest way to the exact hits.</summary>
public class ProvenSearchTests
{
    [Theory]
    [InlineData(RowFormat.Float32, "int8")]
    [InlineData(RowFormat.Float32, "bits:8")]
    [InlineData(RowFormat.Float16, "int8")]
    [InlineData(RowFormat.Int8, "int8")]
    public void Search_BoundsCheaperThanAScan_GivesItsHitsWithProof(RowFormat format, string tier)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, Patient(format), tier);
        foreach (int seed in Enumerable.Range(0, 20))
        {
            MultiVector query = TierSamples.Query(seed, 1 + (seed % 7));
            MakeScansSlow(collection, query.RowCount);
            SearchRequest request = TierSamples.Request(query);

            SearchResult result = collection.Search(request with { Effort = SearchEffort.Default });

            Assert.Equal(TierSamples.Scores(collection.Search(request)), TierSamples.Scores(result));
            SearchPlan plan = Assert.Single(result.Plans);
            Assert.Equal((true, true, true, 200L), (result.IsExact, plan.IsExact, plan.IsProven, plan.CodedCount));
            Assert.Equal([tier, "exact"], plan.Stages);
            Assert.Contains($"bounds of {tier}", plan.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Search_FiltersTombstonesExclusionAndSegmentsWithoutCodes_EqualsTheScan()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, Patient(), "int8");
        using (CollectionWriter writer = collection.BeginWrite(TestContext.Current.CancellationToken))
        {
            foreach (int document in Enumerable.Range(0, 12))
            {
                writer.Delete($"d{document * 3}");
            }

            writer.Commit();
        }

        TierSamples.Fill(collection, 4, seed: 7, prefix: "late");
        MultiVector[] queries =
            [.. Enumerable.Range(0, 6).Select(seed => TierSamples.Query(seed)), collection.Entries.GetVectors("late2#page=1", "words")!];
        int proven = 0;
        foreach (MultiVector query in queries)
        {
            MakeScansSlow(collection, query.RowCount);
            foreach ((string? filter, int top) in new (string?, int)[] { (null, 10), (null, 500), ("page = 2", 3), ("page <= 4", 10),
                ("page > 9", 10) })
            {
                SearchRequest request = TierSamples.Request(query, top: top) with
                {
                    Filter = filter is null ? null : Filter.Parse(filter),
                    ExcludeEntries = ["d1#page=2"],
                };

                SearchResult result =
                    collection.Search(request with { Effort = SearchEffort.Default }, TestContext.Current.CancellationToken);

                Assert.Equal(TierSamples.Scores(collection.Search(request, TestContext.Current.CancellationToken)),
                    TierSamples.Scores(result));
                Assert.True(result.IsExact);
                proven += result.Plans[0].IsProven ? 1 : 0;
            }
        }

        // When all entries are wanted, or none is there, nothing is proven; otherwise bounds are used.
        Assert.InRange(proven, queries.Length, queries.Length * 5);
    }

    [Fact]
    public void Search_EqualScores_BreaksTiesByKeyLikeTheScan()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, TierSamples.Options());
        MultiVector same = TierSamples.Query(1, 3);
        Fill(collection, [.. Enumerable.Range(0, 200).Select(i => ($"d{(i * 37) % 200:000}", same))]);
        collection.Tiers.Set("words", ["int8"]);
        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
        SearchRequest request = TierSamples.Request(TierSamples.Query(2)) with { Effort = SearchEffort.Default };

        SearchResult proven = collection.Search(request with { Effort = SearchEffort.Proof }, TestContext.Current.CancellationToken);

        // Every entry may be among the hits, so every one is scored.
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"d{i:000}"), proven.Keys());
        Assert.Equal((true, 200L), (proven.Plans[0].IsProven, proven.Plans[0].ExactCount));
    }

    [Theory]
    [InlineData(1e15f, 1e25f)] // scores beyond float32
    [InlineData(1, 1e38f)] // lengths beyond float32
    [InlineData(1e-30f, 1e-30f)] // scores below it
    public void Search_EndsOfTheNumberRange_EqualsTheScan(float queryLength, float entryLength)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, TierSamples.Options());
        Random random = new(Seed: 5);
        Fill(collection,
            [.. Enumerable.Range(0, 150)
            .Select(i => ($"d{i:000}", Scale(Samples.Rows(random, 2, TierSamples.Dimension), i % 3 == 0 ? entryLength : 1)))]);
        collection.Tiers.Set("words", ["int8"]);
        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
        foreach (int seed in Enumerable.Range(0, 8))
        {
            SearchRequest request = TierSamples.Request(Scale(TierSamples.Query(seed, 2), queryLength));

            SearchResult proven =
                collection.Search(request with { Effort = SearchEffort.Proof }, TestContext.Current.CancellationToken);

            Assert.Equal(TierSamples.Scores(collection.Search(request, TestContext.Current.CancellationToken)),
                TierSamples.Scores(proven));
        }
    }

    [Fact]
    public void Search_EntriesOfManyRows_GivesTheBitsOfTheScanAndAnyThreadCountTheSameWork()
    {
        const int dimension = 48;
        using TemporaryFolder folder = new();
        CollectionOptions options = new()
        {
            Spaces = [Samples.Space("words", dimension)],
            WriteBufferInBytes = 400_000,
            MergeSegmentCount = 0,
            BuildTiersInBackground = false,
        };
        using Collection made = Collection.Create(folder, options);
        Random random = new(Seed: 3);
        Fill(made, [.. Enumerable.Range(0, 90).Select(i => ($"d{i:00}", Samples.Rows(random, random.Next(1, 260), dimension)))]);
        made.Tiers.Set("words", ["int8"]);
        made.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
        SearchRequest[] requests =
            [.. Enumerable.Range(0, 10)
            .Select(seed => TierSamples.Request(Samples.Rows(new Random(seed), 1 + (seed * 7), dimension), top: 5))];
        (string, double)[][] expected = [.. requests.Select(request => TierSamples.Scores(made.Search(request)))];
        List<long[]> counts = [];
        foreach (int threads in new[] { 1, 2, 5 })
        {
            using Collection collection = Collection.Open(folder, writable: false, options with { SearchThreads = threads });

            SearchResult[] proven = [.. requests.Select(request => collection.Search(request with { Effort = SearchEffort.Proof }))];
            SearchResult[] named =
                [.. requests.Select(
                request => collection.Search(
                request with { Effort = TierSamples.Through("int8", 90) }))];

            Assert.Equal(expected, proven.Select(TierSamples.Scores));
            Assert.Equal(expected, named.Select(TierSamples.Scores));
            counts.Add([.. proven.Select(result => result.Plans[0].ExactCount)]);
        }

        Assert.All(counts, other => Assert.Equal(counts[0], other));
        Assert.InRange(counts[0].Average(), 32, 60);
    }

    [Fact]
    public void Search_DamagedCodes_EqualsTheScanAndSaysSo()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("c");
        string[] files;
        using (Collection collection = Make(path, Patient(), "int8"))
        {
            files = [.. TierTable.GetFiles(collection.Store.Catalog.Writer)
                .Select(file => Path.Combine(path, "segments", TierLayout.GetCodesFileName(file.Id)))];
        }

        foreach (string file in files.Where((_, i) => i % 2 == 0))
        {
            Flip(file);
        }

        using Collection damaged = Collection.Open(path, writable: false, Patient());
        MultiVector query = TierSamples.Query(3);
        MakeScansSlow(damaged, query.RowCount);

        SearchResult result =
            damaged.Search(TierSamples.Request(query) with { Effort = SearchEffort.Default }, TestContext.Current.CancellationToken);

        Assert.Equal(TierSamples.Scores(damaged.Search(TierSamples.Request(query), TestContext.Current.CancellationToken)),
            TierSamples.Scores(result));
        Assert.Equal((true, true), (result.IsExact, result.Plans[0].IsProven));
        Assert.Contains(result.Notices, notice => notice.Contains("damaged", StringComparison.Ordinal));
    }

    [Fact]
    public void Search_ExactAsked_ReadsAllRowsAllTheSame()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options(), "int8");
        MakeScansSlow(collection, queryRowCount: 4);

        SearchPlan plan = collection.Search(TierSamples.Request(TierSamples.Query(1)), TestContext.Current.CancellationToken).Plans[0];

        Assert.Equal((200L, 0L), (plan.ExactCount, plan.CodedCount));
        Assert.Equal(["exact"], plan.Stages);
    }

    [Fact]
    public void Search_ScanBeyondTheLatencyTarget_IsExactWhileAProofIsNot()
    {
        using TemporaryFolder folder = new();
        using Collection collection =
            Make(folder, TierSamples.Options(threads: 1) with { LatencyTarget = TimeSpan.FromSeconds(60) }, "int8");
        SearchRequest request = TierSamples.Request(TierSamples.Query(1)) with { Effort = SearchEffort.Default };

        // Over 100 s for all 3,000 rows; a proof reads a third of them, more or less.
        TaughtSpeed.TeachExact(collection, queryRowCount: 4, nanoseconds: 4e7);
        TaughtSpeed.TeachBounds(collection, queryRowCount: 4, nanoseconds: 1);
        SearchPlan proven = collection.Search(request, TestContext.Current.CancellationToken).Plans[0];

        // 200 bounds take 80 s now: neither way to the exact hits is within the target. Scores by codes are as fast as they are.
        TaughtSpeed.TeachBounds(collection, queryRowCount: 4, nanoseconds: 4e8);
        SearchPlan approximate = collection.Search(request, TestContext.Current.CancellationToken).Plans[0];

        Assert.Equal((true, true), (proven.IsExact, proven.IsProven));
        Assert.Contains("The target is 60000 ms", proven.Reason, StringComparison.Ordinal);
        Assert.False(approximate.IsProven);
        Assert.Contains("recall of 0.95", approximate.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_BoundsThatProveNothing_AreTriedOnceAtMost()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("c");
        CollectionOptions options = Patient();
        SearchRequest request = TierSamples.Request(TierSamples.Query(1), top: 100) with { Effort = SearchEffort.Default };
        using (Collection collection = Make(path, options, "bits:1"))
        {
            Assert.InRange(collection.Tiers.Get("words")[0].Calibration!.Proof!.Shares[1].Share, 0.97, 1);
            MakeScansSlow(collection, queryRowCount: 4);
            Assert.Equal(["exact"], collection.Search(request, TestContext.Current.CancellationToken).Plans[0].Stages);

            // What a version before proofs measured says nothing of them.
            TierRecord tier = TierTable.GetTiers(collection.Store.Catalog.Writer).Single();
            TierTable.SaveCalibration(collection.Store.Catalog.Writer, tier.Id,
                (TierCalibration.Parse(tier.Calibration)! with { Proof = null }).ToJson());
        }

        using Collection opened = Collection.Open(path, writable: false, options);
        MakeScansSlow(opened, queryRowCount: 4);
        SearchPlan tried = opened.Search(request, TestContext.Current.CancellationToken).Plans[0];
        MakeScansSlow(opened, queryRowCount: 4);
        TaughtSpeed.TeachRescored(opened, queryRowCount: 4, nanoseconds: 1e6);
        SearchPlan learned = opened.Search(request, TestContext.Current.CancellationToken).Plans[0];

        Assert.Equal((true, true), (tried.IsExact, tried.IsProven));
        Assert.Equal(["bits:1", "exact"], tried.Stages);
        Assert.InRange(tried.ExactCount, 190, 200);
        Assert.Equal(["exact"], learned.Stages);
    }

    [Fact]
    public void Maintain_TierWithBounds_MeasuresWhatTheyLeave()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options(), "int8", "average:2/int8");

        TierProof proof = collection.Tiers.Get("words").Single(tier => tier.Spec == "int8").Calibration!.Proof!;

        // The hits themselves are always left, and of 200 entries only those with scores close to the last hit's besides.
        Assert.Equal([10, 100], proof.Shares.Select(share => share.Top));
        Assert.InRange(proof.Shares[0].Share, 0.05, 0.3);
        Assert.InRange(proof.Shares[1].Share, 0.5, 0.8);
        Assert.True(proof.NanosecondsPerEntryAndQueryRow > 0);
        Assert.Null(collection.Tiers.Get("words").Single(tier => tier.Spec != "int8").Calibration!.Proof);
    }

    // One commit, which spills to several segments.
    private static void Fill(Collection collection, (string Key, MultiVector Rows)[] entries)
    {
        using CollectionWriter writer = collection.BeginWrite();
        foreach ((string key, MultiVector rows) in entries)
        {
            writer.BeginDocument(Samples.Document(key));
            writer.Add(Samples.Content(key, rows));
        }

        writer.Commit();
    }

    private static MultiVector Scale(MultiVector rows, float factor)
        => new(rows.Dimension, [.. rows.Values.ToArray().Select(value => value * factor)]);

    // Exact, however long that takes.
    private static CollectionOptions Patient(RowFormat format = RowFormat.Float32)
        => TierSamples.Options(format) with { LatencyTarget = TimeSpan.FromDays(1) };

    // A millisecond for a row: any plan that reads fewer rows is cheaper.
    private static void MakeScansSlow(Collection collection, int queryRowCount)
    {
        TaughtSpeed.TeachExact(collection, queryRowCount, nanoseconds: 1e6);
        TaughtSpeed.TeachBounds(collection, queryRowCount, nanoseconds: 1);
    }

    private static void Flip(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = 256;
        int value = file.ReadByte();
        file.Position = 256;
        file.WriteByte((byte)(value ^ 0x40));
    }

    private static Collection Make(string folder, CollectionOptions options, params string[] tiers)
    {
        Collection collection = Collection.Create(folder, options with { AutomaticTiers = false });
        TierSamples.Fill(collection, 40);
        collection.Tiers.Set("words", tiers);
        collection.Upkeep.Run();
        return collection;
    }
}
