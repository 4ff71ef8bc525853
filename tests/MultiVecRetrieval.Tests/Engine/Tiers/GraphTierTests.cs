using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>Graphs over nodes of bits, and indexes over one encoded row an entry, as tiers.</summary>
public class GraphTierTests
{
    // With the recall that is expected: 16 values leave signs little to tell rows apart by.
    public static TheoryData<string, double> OfOneRow => new()
    {
        { "hnsw:8,nodes=int8", 0.99 },
        { "hnsw:8x32,nodes=bits1", 0.97 },
        { "hnsw:nodes=bits2", 0.99 },
        { "hnsw:8,nodes=signs", 0.75 },
    };

    // Entries of six rows.
    public static TheoryData<string> Encoded
        => ["lemur:64/hnsw:8", "lemur:64/ivf:4"];

    [Theory]
    [MemberData(nameof(OfOneRow))]
    public void Search_OneRowEntries_FindsTheBestWithTheirExactScores(string tier, double expected)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, rowsPerEntry: 1, tier);

        // 60 candidates from four segments of 150 rows each; a tenth of the entries would hold a tenth of the best by chance.
        Assert.InRange(GetRecall(collection, tier, 60, filter: null), expected, 1);
        Assert.InRange(GetRecall(collection, tier, 80, Filter.Parse("page <= 20")), 0.99, 1);
    }

    [Theory]
    [MemberData(nameof(Encoded))]
    public void Search_EncodedEntries_FindsMostWithTheirExactScores(string tier)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, rowsPerEntry: 6, tier);
        TierCalibration calibration = Assert.Single(collection.Tiers.Get("words")).Calibration!;

        // A fifth of the entries would hold a fifth of the best ten by chance.
        Assert.InRange(GetRecall(collection, tier, 120, filter: null), 0.6, 1);
        Assert.InRange(GetRecall(collection, tier, 80, Filter.Parse("page <= 20")), 0.99, 1);
        Assert.Equal(1, calibration.Budgets.Where(step => step.Top == 10).MaxBy(step => step.Budget)!.Recall);
    }

    [Theory]
    [InlineData("hnsw:8,nodes=signs", 1)]
    [InlineData("lemur:64/hnsw:8", 6)]
    public void Maintain_Graph_IsMergedMendedAndWithoutWhatWasDeleted(string tier, int rowsPerEntry)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, rowsPerEntry, tier);
        using (CollectionWriter writer = collection.BeginWrite())
        {
            writer.Delete("s2");
            writer.Commit();
        }

        SearchResult result = collection.Search(TierSamples.Request(TierSamples.Query(1, rowsPerEntry), tier, 450, top: 450));
        Assert.Equal(450, result.Hits.Count);
        Assert.DoesNotContain(result.Hits, hit => hit.Entry.DocumentKey == "s2");

        collection.Upkeep.MergeSegments();
        Assert.Equal(0, collection.Tiers.Get("words")[0].MissingFileCount);
        Assert.Equal(450, collection.Search(TierSamples.Request(TierSamples.Query(1, rowsPerEntry), tier, 450, top: 450)).Hits.Count);

        string path = Assert.Single(Directory.GetFiles(Path.Combine(folder, "segments"), "*.codes"));
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains(path, Assert.Single(collection.Upkeep.Verify().Problems), StringComparison.Ordinal);
        collection.Upkeep.Run();
        Assert.Empty(collection.Upkeep.Verify().Problems);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Search_ManyThreads_FindWhatOneFinds()
    {
        const string Tier = "lemur:64/hnsw:8";
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, rowsPerEntry: 6, Tier);
        SearchRequest[] requests = [.. Enumerable.Range(0, 20).Select(seed => TierSamples.Request(TierSamples.Query(seed), Tier, 20))];
        (string, double)[][] alone = [.. requests.Select(request => TierSamples.Scores(collection.Search(request)))];
        (string, double)[][] together = new (string, double)[200][];

        Parallel.For(0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            together[i] = TierSamples.Scores(collection.Search(requests[i % requests.Length])));

        for (int i = 0; i < together.Length; i++)
        {
            Assert.Equal(alone[i % alone.Length], together[i]);
        }
    }

    [Fact]
    public void SetTiers_NodesThatAreNot_SayWhatThereIs()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, TierSamples.Options());

        string nodes = Assert.Throws<SpecException>(() => collection.Tiers.Set("words", ["hnsw:8,nodes=bits4"])).Message;

        Assert.All(new[] { "int8", "bits1", "bits2", "signs", "'nodes=bits4'" },
            name => Assert.Contains(name, nodes, StringComparison.Ordinal));
    }

    private static double GetRecall(Collection collection, string tier, int budget, Filter? filter)
    {
        int found = 0;
        foreach (int seed in Enumerable.Range(0, 30))
        {
            MultiVector query = TierSamples.Query(seed, tier.Contains('/', StringComparison.Ordinal) ? 4 : 1);
            Dictionary<string, double> exact = collection.Search(TierSamples.Request(query, top: 1000) with { Filter = filter })
                .Hits.ToDictionary(hit => hit.Entry.Key, hit => hit.Score);

            SearchResult result = collection.Search(TierSamples.Request(query, tier, budget) with { Filter = filter });

            Assert.All(result.Hits, hit => Assert.Equal(exact[hit.Entry.Key], hit.Score));
            found += result.Keys().Intersect(exact.OrderByDescending(pair => pair.Value).Take(10).Select(pair => pair.Key)).Count();
        }

        return found / 300.0;
    }

    private static Collection Make(string folder, int rowsPerEntry, string tier)
    {
        Collection collection = Collection.Create(folder, TierSamples.Options() with { WriteBufferInBytes = 1 << 20 });
        Random random = new(5);
        MultiVector topics = Samples.Rows(new Random(99), 12, TierSamples.Dimension);
        foreach (int segment in Enumerable.Range(0, 4))
        {
            Samples.AddDocument(collection, $"s{segment}", [.. Enumerable.Range(1, 150).Select(page => Samples.Content(
                $"s{segment}#page={page}", TierSamples.Around(topics, random.Next(12), rowsPerEntry, random), page: page))]);
        }

        collection.Tiers.Set("words", [tier]);
        collection.Upkeep.Run();
        return collection;
    }
}
