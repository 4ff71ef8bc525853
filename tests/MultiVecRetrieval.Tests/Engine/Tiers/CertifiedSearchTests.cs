using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

public class CertifiedSearchTests
{
    [Theory]
    [InlineData(RowFormat.Float32, "int8")]
    [InlineData(RowFormat.Float16, "int8")]
    [InlineData(RowFormat.Int8, "int8")]
    [InlineData(RowFormat.Int8, "float16")]
    public void Search_Certified_EqualsTheExactSearchAndScoresFewer(RowFormat format, string tier)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, format, tier);
        long scored = 0;
        foreach (int seed in Enumerable.Range(0, 25))
        {
            SearchRequest request = TierSamples.Request(TierSamples.Query(seed, 1 + (seed % 6)));

            SearchResult certified = collection.Search(request with { Exact = false, Certified = true });

            Assert.Equal(TierSamples.Scores(collection.Search(request)), TierSamples.Scores(certified));
            SearchPlan plan = Assert.Single(certified.Plans);
            Assert.Equal((true, true, 0.0), (certified.IsExact, plan.IsExact, plan.Gap));
            Assert.Equal([tier, "exact"], plan.Stages);
            scored += plan.ExactCount;
        }

        // Bounds of one byte per value lie close to the scores: most of the 200 entries are never scored by their rows.
        Assert.InRange(scored, 25 * 10, 25 * 100);
    }

    [Fact]
    public void Search_CertifiedWithEqualScores_BreaksTiesByKeyLikeTheExactSearch()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, TierSamples.Options());
        MultiVector same = TierSamples.Query(1, 3);
        foreach (int i in Enumerable.Range(0, 60))
        {
            Samples.AddDocument(collection, $"d{(i * 37) % 60:00}", Samples.Content($"d{(i * 37) % 60:00}", same));
        }

        collection.SetTiers("words", ["int8"]);
        collection.Maintain();
        SearchRequest request = TierSamples.Request(TierSamples.Query(2));

        SearchResult certified = collection.Search(request with { Exact = false, Certified = true });

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"d{i:00}"), certified.Keys());
    }

    [Fact]
    public void Search_CertifiedWithABudget_ReportsHowFarAMissedHitMayLieAboveTheLast()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, RowFormat.Float32, "int8");
        int stopped = 0;
        foreach (int seed in Enumerable.Range(0, 40))
        {
            SearchRequest request = TierSamples.Request(TierSamples.Query(seed), top: 10);
            SearchRequest limited = request with { Exact = false, Certified = true, Vectors = [request.Vectors[0] with { Budget = 10 }] };

            SearchResult result = collection.Search(limited);

            SearchPlan plan = result.Plans[0];
            Assert.InRange(plan.ExactCount, 10, 10);
            Assert.Equal(plan.Gap == 0, result.IsExact);
            stopped += plan.Gap > 0 ? 1 : 0;
            double limit = result.Hits[^1].Score + plan.Gap!.Value;
            Assert.All(collection.Search(request).Hits.Where(hit => !result.Keys().Contains(hit.Entry.Key)),
                hit => Assert.True(hit.Score <= limit));
            if (result.IsExact)
            {
                Assert.Equal(TierSamples.Scores(collection.Search(request)), TierSamples.Scores(result));
            }
        }

        Assert.InRange(stopped, 1, 40);
    }

    [Fact]
    public void Search_CertifiedWithoutATierThatHasBounds_IsExact()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Collection.Create(folder, TierSamples.Options());
        TierSamples.Fill(collection, 3);
        SearchRequest request = TierSamples.Request(TierSamples.Query(1)) with { Exact = false, Certified = true };

        SearchResult result = collection.Search(request);

        Assert.Equal((true, 15L), (result.IsExact, result.Plans[0].ExactCount));
        Assert.Contains("upper bounds", result.Plans[0].Reason, StringComparison.Ordinal);
        collection.SetTiers("words", ["random:2/int8"]);
        collection.Maintain();
        Assert.Throws<TierChoiceException>(
            () => collection.Search(request with { Vectors = [request.Vectors[0] with { Tier = "random:2/int8" }] }));
    }

    private static Collection Make(string folder, RowFormat format, string tier)
    {
        Collection collection = Collection.Create(folder, TierSamples.Options(format));
        TierSamples.Fill(collection, 40);
        collection.SetTiers("words", [tier]);
        collection.Maintain();
        return collection;
    }
}
