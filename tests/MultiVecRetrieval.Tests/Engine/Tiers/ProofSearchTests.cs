using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

public class ProofSearchTests
{
    [Theory]
    [InlineData(RowFormat.Float32, "int8")]
    [InlineData(RowFormat.Float16, "int8")]
    [InlineData(RowFormat.Int8, "int8")]
    [InlineData(RowFormat.Int8, "float16")]
    public void Search_Proof_EqualsTheExactSearchAndScoresFewer(RowFormat format, string tier)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, format, tier);
        long scored = 0;
        foreach (int seed in Enumerable.Range(0, 25))
        {
            SearchRequest request = TierSamples.Request(TierSamples.Query(seed, 1 + (seed % 6)));

            SearchResult proven = collection.Search(request with { Effort = SearchEffort.Proof });

            Assert.Equal(TierSamples.Scores(collection.Search(request)), TierSamples.Scores(proven));
            SearchPlan plan = Assert.Single(proven.Plans);
            Assert.Equal((true, true, true), (proven.IsExact, plan.IsExact, plan.IsProven));
            Assert.Equal([tier, "exact"], plan.Stages);
            scored += plan.ExactCount;
        }

        // Bounds of one byte per value lie close to the scores: most of the 200 entries are never scored by their rows.
        Assert.InRange(scored, 25 * 10, 25 * 100);
    }

    [Fact]
    public void Search_ProofWithEqualScores_BreaksTiesByKeyLikeTheExactSearch()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, TierSamples.Options());
        MultiVector same = TierSamples.Query(1, 3);
        foreach (int i in Enumerable.Range(0, 60))
        {
            Samples.AddDocument(collection, $"d{(i * 37) % 60:00}", Samples.Content($"d{(i * 37) % 60:00}", same));
        }

        collection.Tiers.Set("words", ["int8"]);
        collection.Upkeep.Run();
        SearchRequest request = TierSamples.Request(TierSamples.Query(2));

        SearchResult proven = collection.Search(request with { Effort = SearchEffort.Proof });

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"d{i:00}"), proven.Keys());
    }

    [Fact]
    public void Search_ProofWithoutATierThatHasBounds_IsExact()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, TierSamples.Options());
        TierSamples.Fill(collection, 3);
        SearchRequest request = TierSamples.Request(TierSamples.Query(1)) with { Effort = SearchEffort.Proof };

        SearchResult result = collection.Search(request);

        Assert.Equal((true, 15L), (result.IsExact, result.Plans[0].ExactCount));
        Assert.Contains("upper bounds", result.Plans[0].Reason, StringComparison.Ordinal);
    }

    private static Collection Make(string folder, RowFormat format, string tier)
    {
        Collection collection = Collection.Create(folder, TierSamples.Options(format));
        TierSamples.Fill(collection, 40);
        collection.Tiers.Set("words", [tier]);
        collection.Upkeep.Run();
        return collection;
    }
}
