using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

public class IndexTierTests
{
    [Theory]
    [InlineData("hnsw:8")]
    [InlineData("ivf")]
    [InlineData("ivf:20")]
    public void Search_OneRowEntries_FindsTheBestWithTheirExactScores(string tier)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, rowsPerEntry: 1, tier);

        // 60 candidates from each of four segments of 150 rows: far more than an index of that size needs to find the best ten.
        Assert.InRange(GetRecall(collection, tier, 60, filter: null), 0.99, 1);
    }

    [Theory]
    [InlineData("average:2/hnsw:8x64")]
    [InlineData("average:2/ivf")]
    public void Search_ReducedRows_FindsMostAndPutsRowsOfAnEntryTogether(string tier)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, rowsPerEntry: 6, tier);

        // Means of two rows are not the rows. A fifth of the entries would hold a fifth of the best ten by chance.
        Assert.InRange(GetRecall(collection, tier, 120, filter: null), 0.6, 1);
    }

    [Theory]
    [InlineData("tokens:64x16")]
    [InlineData("tokens:64x64")] // every list: scores of the codes
    public void Search_TokenLists_FindMost(string tier)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, rowsPerEntry: 6, tier);

        // A fifth of the entries would hold a fifth of the best ten by chance; 64 centroids for 3,600 rows tell most of them apart.
        Assert.InRange(GetRecall(collection, tier, 120, filter: null), 0.6, 1);
        Assert.InRange(GetRecall(collection, tier, 120, Filter.Parse("page <= 20")), 0.99, 1);
        TierCalibration calibration = Assert.Single(collection.Tiers.Get("words")).Calibration!;
        Assert.Equal(1, calibration.Budgets.Where(step => step.Top == 10).MaxBy(step => step.Budget)!.Recall);
    }

    [Theory]
    [InlineData("tokens:64x1")]
    [InlineData("hnsw:8")]
    [InlineData("ivf")]
    public void Search_FewerRowsThanAnEntryHas_StillFindsAsManyEntriesAsAreWanted(string tier)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, rowsPerEntry: 60, tier, segments: 1, entriesPerSegment: 12);

        // The rows of an entry lie around few topics: the ten rows nearest to one of them are of few entries.
        MultiVector query = new(TierSamples.Dimension, Samples.Rows(new Random(99), 12, TierSamples.Dimension).Row(3).ToArray());
        SearchResult result = collection.Search(TierSamples.Request(query, tier, budget: 10));

        Assert.Equal((10, 10L), (result.Hits.Count, result.Plans[0].ExactCount));
    }

    [Theory]
    [InlineData("hnsw:8")]
    [InlineData("ivf")]
    public void Search_FilteredAndWithTombstones_FindsOnlyWhatIsWanted(string tier)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, rowsPerEntry: 1, tier);
        using (CollectionWriter writer = collection.BeginWrite())
        {
            writer.Delete("s2");
            writer.Commit();
        }

        Assert.InRange(GetRecall(collection, tier, 60, Filter.Parse("page <= 20")), 0.99, 1);
        SearchResult result = collection.Search(TierSamples.Request(TierSamples.Query(1, 1), tier, 60, top: 60));
        Assert.DoesNotContain(result.Hits, hit => hit.Entry.DocumentKey == "s2");
    }

    [Theory]
    [InlineData("hnsw:8")]
    [InlineData("ivf")]
    public void Maintain_Index_IsMeasuredMergedAndMended(string tier)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, rowsPerEntry: 1, tier);
        TierCalibration calibration = Assert.Single(collection.Tiers.Get("words")).Calibration!;
        Assert.Equal(600, calibration.EntryCount);
        Assert.InRange(calibration.Budgets.Last(step => step is { Top: 10, Budget: <= 50 }).Recall, 0.95, 1);
        Assert.True(calibration.NanosecondsPerCandidateAndQueryRow > 0);

        collection.Upkeep.MergeSegments();
        Assert.Equal(0, collection.Tiers.Get("words")[0].MissingFileCount);
        Assert.InRange(GetRecall(collection, tier, 60, filter: null), 0.99, 1);

        string path = Assert.Single(Directory.GetFiles(Path.Combine(folder, "segments"), "*.codes"));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains(path, Assert.Single(collection.Upkeep.Verify().Problems), StringComparison.Ordinal);
        collection.Upkeep.Run();
        Assert.Empty(collection.Upkeep.Verify().Problems);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("tokens:16")]
    [InlineData("hnsw:8")]
    [InlineData("ivf")]
    public void Search_DamagedIndex_IsExact(string tier)
    {
        using TemporaryFolder folder = new();
        Make(folder, rowsPerEntry: 1, tier).Dispose();
        foreach (string path in Directory.GetFiles(Path.Combine(folder, "segments"), "*.codes"))
        {
            byte[] bytes = File.ReadAllBytes(path);
            bytes[Math.Min(3000, bytes.Length / 2)] ^= 4;
            File.WriteAllBytes(path, bytes);
        }

        using Collection collection = Collection.Open(folder, writable: false);
        SearchRequest request = TierSamples.Request(TierSamples.Query(1, 1), tier, 20);

        SearchResult result = collection.Search(request);

        Assert.Equal((true, 600L, 1), (result.IsExact, result.Plans[0].ExactCount, result.Notices.Count));
        Assert.Equal(TierSamples.Scores(collection.Search(TierSamples.Request(TierSamples.Query(1, 1)))), TierSamples.Scores(result));
    }

    [Fact]
    public void SetTiers_IndexThatCannotBe_IsRefusedOrSaysWhy()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, TierSamples.Options());
        Assert.Throws<SpecException>(() => collection.Tiers.Set("words", ["hnsw:x"]));
        Assert.Contains("from 2 to 128", Assert.Throws<SpecException>(() => collection.Tiers.Set("words", ["hnsw:1"])).Message,
            StringComparison.Ordinal);
        Assert.Throws<SpecException>(() => collection.Tiers.Set("words", ["ivf:0"]));
        Assert.Throws<SpecException>(() => collection.Tiers.Set("words", ["ivf:8x8"]));
        Assert.Throws<SpecException>(() => collection.Tiers.Set("words", ["no/ivf"]));
        Assert.Throws<SpecException>(() => collection.Tiers.Set("words", ["tokens:1"]));
        Assert.Throws<SpecException>(() => collection.Tiers.Set("words", ["tokens:8x9"]));
        Assert.Throws<SpecException>(() => collection.Tiers.Set("words", ["ward:2/tokens"]));
        Samples.AddDocument(collection, "long", Samples.Content("long", Samples.Rows(new Random(1), 100, TierSamples.Dimension)));
        collection.Tiers.Set("words", ["hnsw:8", "ivf"]);

        collection.Upkeep.Run();

        Assert.All(collection.Tiers.Get("words"), tier => Assert.Contains("reduction", tier.Problem!, StringComparison.Ordinal));
        Assert.True(collection.Search(TierSamples.Request(TierSamples.Query(1), "hnsw:8")).IsExact);
    }

    private static double GetRecall(Collection collection, string tier, int budget, Filter? filter)
    {
        int found = 0;
        foreach (int seed in Enumerable.Range(0, 30))
        {
            MultiVector query =
                TierSamples.Query(seed, tier.Contains('/', StringComparison.Ordinal)
                || tier.StartsWith("tokens", StringComparison.Ordinal) ? 4 : 1);
            Dictionary<string, double> exact = collection.Search(TierSamples.Request(query, top: 1000) with { Filter = filter })
                .Hits.ToDictionary(hit => hit.Entry.Key, hit => hit.Score);

            SearchResult result = collection.Search(TierSamples.Request(query, tier, budget) with { Filter = filter });

            Assert.All(result.Hits, hit => Assert.Equal(exact[hit.Entry.Key], hit.Score));
            // Entries with equal codes tie; those that share the last score are all looked at, up to four times the budget.
            Assert.InRange(result.Plans[0].ExactCount, 10, tier.StartsWith("tokens", StringComparison.Ordinal) ? 4 * budget : budget);
            found += result.Keys().Intersect(exact.OrderByDescending(pair => pair.Value).Take(10).Select(pair => pair.Key)).Count();
        }

        return found / 300.0;
    }

    private static Collection Make(string folder, int rowsPerEntry, string tier, int segments = 4, int entriesPerSegment = 150)
    {
        Collection collection = Collection.Create(folder, TierSamples.Options() with { WriteBufferInBytes = 1 << 20 });
        Random random = new(5);
        MultiVector topics = Samples.Rows(new Random(99), 12, TierSamples.Dimension);
        foreach (int segment in Enumerable.Range(0, segments))
        {
            Samples.AddDocument(collection, $"s{segment}", [.. Enumerable.Range(1, entriesPerSegment).Select(page => Samples.Content(
                $"s{segment}#page={page}", TierSamples.Around(topics, random.Next(12), rowsPerEntry, random), page: page))]);
        }

        collection.Tiers.Set("words", [tier]);
        collection.Upkeep.Run();
        return collection;
    }
}
