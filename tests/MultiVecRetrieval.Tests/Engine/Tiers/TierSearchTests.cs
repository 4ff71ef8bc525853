using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

public class TierSearchTests
{
    [Theory]
    [InlineData(RowFormat.Float32)]
    [InlineData(RowFormat.Float16)]
    [InlineData(RowFormat.Int8)]
    public void Search_BudgetOfAllEntries_EqualsTheExactSearch(RowFormat format)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options(format));

        foreach (int seed in Enumerable.Range(0, 20))
        {
            MultiVector query = TierSamples.Query(seed, 1 + (seed % 7));
            SearchResult exact = collection.Search(TierSamples.Request(query));
            SearchResult coded = collection.Search(TierSamples.Request(query, "int8", 1000));

            Assert.Equal(TierSamples.Scores(exact), TierSamples.Scores(coded));
            SearchPlan plan = Assert.Single(coded.Plans);
            Assert.Equal((true, 200L, 200L), (plan.IsExact, plan.CodedCount, plan.ExactCount));
            Assert.Equal((true, 0L, 200L), (exact.IsExact, exact.Plans[0].CodedCount, exact.Plans[0].ExactCount));
        }
    }

    [Fact]
    public void Search_SmallBudget_ScoresThatManyAndGivesExactScores()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options());
        int found = 0;
        foreach (int seed in Enumerable.Range(0, 20))
        {
            MultiVector query = TierSamples.Query(seed);
            Dictionary<string,
                double> exact =
                collection.Search(TierSamples.Request(query, top: 1000)).Hits.ToDictionary(hit => hit.Entry.Key, hit => hit.Score);

            SearchResult coded = collection.Search(TierSamples.Request(query, "int8", 15));

            Assert.All(coded.Hits, hit => Assert.Equal(exact[hit.Entry.Key], hit.Score));
            Assert.Equal(["int8", "exact"], coded.Plans[0].Stages);
            Assert.Equal((false, 200L, 15L), (coded.IsExact, coded.Plans[0].CodedCount, coded.Plans[0].ExactCount));
            found += coded.Keys().Intersect(exact.OrderByDescending(pair => pair.Value).Take(10).Select(pair => pair.Key)).Count();
        }

        // Codes of one byte per value differ from the rows by less than half a percent of their length; fifteen candidates for ten hits
        // leave room for every entry whose score lies that close.
        Assert.Equal(200, found);
    }

    [Fact]
    public void Search_SegmentsWithoutCodes_AreScoredExactly()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options());
        TierSamples.Fill(collection, 4, seed: 7, prefix: "late");
        MultiVector query = collection.Entries.GetVectors("late2#page=1", "words")!;

        SearchResult coded = collection.Search(TierSamples.Request(query, "int8", 12, top: 12));

        Assert.Equal((200L, 32L), (coded.Plans[0].CodedCount, coded.Plans[0].ExactCount));
        (string Key, double Score)[] exact = TierSamples.Scores(collection.Search(TierSamples.Request(query, top: 12)));
        Assert.Contains(exact, hit => hit.Key.StartsWith("late", StringComparison.Ordinal));
        Assert.All(exact.Where(hit => hit.Key.StartsWith("late", StringComparison.Ordinal)),
            hit => Assert.Contains(hit, TierSamples.Scores(coded)));
    }

    [Fact]
    public void Search_FiltersTombstonesAndExclusion_MeanTheSameWithCodes()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options());
        using (CollectionWriter writer = collection.BeginWrite())
        {
            foreach (int document in Enumerable.Range(0, 12))
            {
                writer.Delete($"d{document * 3}");
            }

            writer.Commit();
        }

        string[] filters = ["page = 2", "page <= 4", "page > 9", "path != 'x'"];
        foreach (string text in filters)
        {
            SearchRequest request = TierSamples.Request(TierSamples.Query(5), "int8", 500, top: 500) with
            {
                Filter = text == "path != 'x'" ? null : Filter.Parse(text),
                ExcludeEntries = ["d1#page=2"],
            };
            SearchRequest exact = request with { Effort = SearchEffort.Exact };

            SearchResult coded = collection.Search(request);

            Assert.Equal(TierSamples.Scores(collection.Search(exact)), TierSamples.Scores(coded));
            Assert.Equal(coded.CandidateCount, coded.Hits.Count);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Search_AnyThreadCount_GivesTheSameResultAndWork(int threads)
    {
        using TemporaryFolder folder = new();
        using Collection made = Make(folder, TierSamples.Options());
        using Collection collection = Collection.Open(folder, writable: false, TierSamples.Options(threads: threads));
        foreach (int seed in Enumerable.Range(0, 10))
        {
            SearchRequest request = TierSamples.Request(TierSamples.Query(seed), "int8", 20);

            SearchResult expected = made.Search(request);
            SearchResult actual = collection.Search(request);

            Assert.Equal(TierSamples.Scores(expected), TierSamples.Scores(actual));
            Assert.Equal(expected.Plans[0].ExactCount, actual.Plans[0].ExactCount);
        }
    }

    [Fact]
    public void Search_TierThatIsNotThere_NamesThoseThatAre()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options());
        Assert.Contains("int8",
            Assert.Throws<SearchOptionException>(() => collection.Search(TierSamples.Request(TierSamples.Query(1), "float16"))).Message);
    }

    [Fact]
    public void Search_RecallWanted_TakesATierOnlyWithAMeasuredLowerBound()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options());
        SearchRequest request = TierSamples.Request(TierSamples.Query(1)) with { Effort = SearchEffort.Default };

        // Far more queries than were measured would be needed to promise this: only an exact search keeps it.
        SearchResult strict = collection.Search(request with { Effort = SearchEffort.AtRecall(0.9999) });
        SearchResult exact = collection.Search(request with { Effort = SearchEffort.Exact });

        Assert.Equal(["exact"], strict.Plans[0].Stages);
        Assert.True(strict.IsExact);
        Assert.Equal(TierSamples.Scores(exact), TierSamples.Scores(strict));
        SearchPlan loose = collection.Search(request with { Effort = SearchEffort.AtRecall(0.9) }).Plans[0];
        Assert.True(loose.IsExact || loose.RecallLowerBound >= 0.9);
    }

    private static Collection Make(string folder, CollectionOptions options)
    {
        Collection collection = Collection.Create(folder, options);
        TierSamples.Fill(collection, 40);
        collection.Tiers.Set("words", ["int8"]);
        collection.Upkeep.Run();
        return collection;
    }
}
