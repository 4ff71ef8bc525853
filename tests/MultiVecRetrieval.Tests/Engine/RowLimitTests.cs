using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Tests.Engine.Tiers;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Stored once, searched by the first rows.</summary>
public class RowLimitTests
{
    private const string Ordered = "order:by=rarity";
    private const int EntryCount = 40;

    [Theory]
    [InlineData(RowFormat.Float32)]
    [InlineData(RowFormat.Float16)]
    [InlineData(RowFormat.Int8)]
    public void Search_FirstRows_FindsWhatACollectionOfThoseRowsFinds(RowFormat format)
    {
        using TemporaryFolder folder = new();
        using Collection all = Create(folder.PathOf("all"), Ordered, format);
        foreach (int limit in new[] { 1, 5, 11, 16, 20, 27, 32, 1000 })
        {
            using Collection few = Create(folder.PathOf($"first {limit}"), $"{Ordered}+prefix:{limit}", format);
            int rowCount = limit % 7 == 4 ? 1 : 6;
            SearchRequest request = TierSamples.Request(TierSamples.Query(rowCount, rowCount), top: EntryCount) with { Explain = true };

            SearchResult limited = all.Search(request with { RowLimit = limit });

            SearchResult expected = few.Search(request);
            Assert.Equal(TierSamples.Scores(expected), TierSamples.Scores(limited));
            Assert.Equal(
                expected.Hits.SelectMany(hit => hit.Matches.Select(match => (match.Similarity, match.Place))),
                limited.Hits.SelectMany(hit => hit.Matches.Select(match => (match.Similarity, match.Place))));
            Assert.Equal((true, (int?)limit), (limited.IsExact, Assert.Single(limited.Plans).RowLimit));
        }
    }

    [Fact]
    public void Search_FirstRows_IsMaxSimOfThoseRowsByItsDefinition()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Create(folder, Ordered, RowFormat.Float32);
        MultiVector query = TierSamples.Query(3, 5);

        SearchResult result = collection.Search(TierSamples.Request(query, top: EntryCount) with { RowLimit = 9 });

        Assert.Equal(EntryCount, result.Hits.Count);
        foreach (SearchHit hit in result.Hits)
        {
            MultiVector stored = collection.Entries.GetVectors(hit.Entry.Key, "words")!;
            MultiVector first = new(stored.Dimension, stored.Values[..(Math.Min(9, stored.RowCount) * stored.Dimension)].ToArray());
            Assert.Equal(Oracle.MaxSim(query, first), hit.Score, 1e-5);
        }

        Assert.NotEqual(
            TierSamples.Scores(result), TierSamples.Scores(collection.Search(TierSamples.Request(query, top: EntryCount))));
    }

    [Fact]
    public void Search_FirstRowsOfATiersCandidates_ScoresThemByThoseRows()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Create(folder, Ordered, RowFormat.Float32);
        collection.Tiers.Set("words", ["bits:2"]);
        collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
        MultiVector query = TierSamples.Query(4);
        Dictionary<string,
            double> exact =
            collection.Search(TierSamples.Request(query, top: EntryCount) with { RowLimit = 16 }).Hits.ToDictionary(hit => hit.Entry.Key,
            hit => hit.Score);

        SearchResult found = collection.Search(TierSamples.Request(query, "bits:2", budget: 15, top: 5) with { RowLimit = 16 });
        SearchResult proven =
            collection.Search(TierSamples.Request(query, top: 5) with { RowLimit = 16, Effort = SearchEffort.Proof });
        SearchResult recalled =
            collection.Search(TierSamples.Request(query, top: 5) with { RowLimit = 16, Effort = SearchEffort.AtRecall(0.5) });

        Assert.All(found.Hits, hit => Assert.Equal(exact[hit.Entry.Key], hit.Score));
        Assert.Equal((15L, false, null), (found.Plans[0].ExactCount, found.IsExact, found.Plans[0].EstimatedRecall));
        string[] best = [.. exact.OrderByDescending(pair => pair.Value).Take(5).Select(pair => pair.Key)];
        Assert.Equal(best, proven.Hits.Select(hit => hit.Entry.Key));
        Assert.Equal(best, recalled.Hits.Select(hit => hit.Entry.Key));
        Assert.True(proven.IsExact && recalled.IsExact);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ward:2")]
    [InlineData("prefix:8")]
    [InlineData("order:by=rarity+ward:2")]
    public void Search_FirstRowsWithoutAnOrder_IsRefusedWithTheSetting(string? reduction)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Create(folder, reduction, RowFormat.Float32);

        RowOrderException error =
            Assert.Throws<RowOrderException>(() => collection.Search(TierSamples.Request(TierSamples.Query(1)) with { RowLimit = 16 }));

        Assert.Equal(("words", reduction), (error.Space, error.Reduction));
        Assert.Contains("setting reduction", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Search_NoRows_IsRefused(int limit)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Create(folder, Ordered, RowFormat.Float32);

        Assert.Throws<ArgumentOutOfRangeException>(
            () => collection.Search(TierSamples.Request(TierSamples.Query(1)) with { RowLimit = limit }));
    }

    private static Collection Create(string folder, string? reduction, RowFormat format)
    {
        Collection collection = Collection.Create(folder, TierSamples.Options() with
        {
            Spaces = [Samples.Space("words", TierSamples.Dimension, format) with { Reduction = reduction }],
        });
        Random random = new(5);
        for (int i = 0; i < EntryCount; i++)
        {
            MultiVector rows = Samples.Rows(random, 1 + (i * 7 % 45), TierSamples.Dimension, withPlaces: true);
            Samples.AddDocument(collection, $"d{i}", Samples.Content($"d{i}#page=1", rows));
        }

        return collection;
    }
}
