using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Numerics.Kernels;
using MultiVecRetrieval.Tiers;

namespace MultiVecRetrieval.Tests.Engine.Tiers;

/// <summary>Searches through two or three tiers, each choosing among the candidates of the one before.</summary>
public class CascadeTests
{
    private const string Named = "codes:64 > bits:2";

    [Theory]
    [InlineData(RowFormat.Float32)]
    [InlineData(RowFormat.Int8)]
    public void Search_BudgetsOfAllEntries_EqualsTheExactSearch(RowFormat format)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options(format));
        foreach (int seed in Enumerable.Range(0, 10))
        {
            MultiVector query = TierSamples.Query(seed, 1 + (seed % 7));

            SearchResult cascade = collection.Search(TierSamples.Request(query, "codes:64 > bits:2 > int8", 1000));

            Assert.Equal(TierSamples.Scores(collection.Search(TierSamples.Request(query))), TierSamples.Scores(cascade));
            SearchPlan plan = Assert.Single(cascade.Plans);
            Assert.Equal(["codes:64", "bits:2", "int8", "exact"], plan.Stages);
            Assert.Equal([64_000, 8_000, 1_000], plan.Budgets);
            Assert.Equal((true, 200L, 200L), (plan.IsExact, plan.CodedCount, plan.ExactCount));
        }
    }

    [Fact]
    public void Search_SmallBudgets_FindsWhatBothTiersRankWithinTheirs()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options());
        foreach (int seed in Enumerable.Range(0, 20))
        {
            MultiVector query = TierSamples.Query(seed);

            // Budgets of 12 and 96: what comes out is among the best 96 of the first tier, and the best 12 of those by the second.
            SearchPlan plan = collection.Search(TierSamples.Request(query, Named, 12)).Plans[0];
            string[] found = Keys(collection, query, Named, 12);
            string[] first = Keys(collection, query, "codes:64", 96);

            Assert.Equal((12, 12L, false), (plan.Budget, plan.ExactCount, plan.IsExact));
            Assert.Equal(12, found.Length);
            Assert.Subset(first.ToHashSet(), found.ToHashSet());

            // Whoever both tiers rank high among all entries is found: among fewer candidates nobody ranks lower.
            string[] ranked = Keys(collection, query, "bits:2", 12);
            Assert.Subset(found.ToHashSet(), ranked.Intersect(first).ToHashSet());
        }
    }

    [Fact]
    public void Search_Cascade_TellsHowLongItsStagesTook()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options());

        SearchResult result = collection.Search(TierSamples.Request(TierSamples.Query(seed: 1), Named, 12));

        string[] stages = ["plan", "prepare", "scan", "select", "narrow", "rows"];
        Assert.Equal(stages.Order(),
            result.TimingsMs.Keys.Where(key => key.StartsWith("vectors:words/", StringComparison.Ordinal)).Select(key => key[14..])
            .Order());
        Assert.InRange(stages.Sum(stage => result.TimingsMs["vectors:words/" + stage]), 0, result.TimingsMs["vectors:words"]);
    }

    [Fact]
    public void Search_EntriesWithoutCodesOfEitherTier_AreFound()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options());
        TierSamples.Fill(collection, 4, seed: 7, prefix: "late");
        MultiVector query = collection.Entries.GetVectors("late2#page=1", "words")!;

        SearchResult result = collection.Search(TierSamples.Request(query, Named, 12, top: 12));

        Assert.Equal((200L, 32L), (result.Plans[0].CodedCount, result.Plans[0].ExactCount));
        (string Key, double Score)[] exact = TierSamples.Scores(collection.Search(TierSamples.Request(query, top: 12)));
        Assert.All(exact.Where(hit => hit.Key.StartsWith("late", StringComparison.Ordinal)),
            hit => Assert.Contains(hit, TierSamples.Scores(result)));
    }

    [Fact]
    public void Search_SecondTierNotYetEncodedOrDamaged_ScoresItsEntriesByTheirRows()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("c");
        long tier;
        using (Collection collection = Collection.Create(path, TierSamples.Options()))
        {
            TierSamples.Fill(collection, 40);
            collection.Tiers.Set("words", ["codes:64", "bits:2"]);
            collection.Upkeep.Run(cancellationToken: TestContext.Current.CancellationToken);
            tier = TierTable.GetTiers(collection.Store.Catalog.Writer).Single(record => record.Spec == "bits:2").Id;
            foreach (TierFileRecord file in TierTable.GetFiles(collection.Store.Catalog.Writer).Where(file => file.TierId == tier))
            {
                Flip(Path.Combine(path, "segments", TierLayout.GetCodesFileName(file.Id)));
            }
        }

        using Collection damaged = Collection.Open(path, writable: false, TierSamples.Options());
        MultiVector query = TierSamples.Query(3);

        SearchResult result = damaged.Search(TierSamples.Request(query, Named, 12));

        // Every candidate of the first tier is scored by its rows.
        Assert.Equal((96, 96L), (result.Plans[0].Budgets[0], result.Plans[0].ExactCount));
        Assert.Contains(result.Notices, notice => notice.Contains("damaged", StringComparison.Ordinal));
    }

    [Fact]
    public void Search_FiltersTombstonesAndExclusion_MeanTheSameInEveryStage()
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

        foreach (string? text in new[] { "page = 2", "page <= 4", "page > 9", null })
        {
            SearchRequest request = TierSamples.Request(TierSamples.Query(5), Named, 500, top: 500) with
            {
                Filter = text is null ? null : Filter.Parse(text),
                ExcludeEntries = ["d1#page=2"],
            };
            SearchRequest exact = request with { Effort = SearchEffort.Exact };

            SearchResult cascade = collection.Search(request);

            Assert.Equal(TierSamples.Scores(collection.Search(exact)), TierSamples.Scores(cascade));
            Assert.Equal(cascade.CandidateCount, cascade.Hits.Count);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Search_AnyThreadCount_GivesTheSameResultAndWork(int threads)
    {
        using TemporaryFolder folder = new();
        using Collection made = Make(folder, TierSamples.Options());
        using Collection collection = Collection.Open(folder, writable: false, TierSamples.Options(threads: threads));
        foreach (int seed in Enumerable.Range(0, 10))
        {
            SearchRequest request = TierSamples.Request(TierSamples.Query(seed), Named, 20);

            SearchResult expected = made.Search(request);
            SearchResult actual = collection.Search(request);

            Assert.Equal(TierSamples.Scores(expected), TierSamples.Scores(actual));
            Assert.Equal(expected.Plans[0].ExactCount, actual.Plans[0].ExactCount);
        }
    }

    [Fact]
    public void Search_BudgetPerTier_EachPassesOnAsManyAsItSays()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options());
        foreach (int seed in Enumerable.Range(0, 10))
        {
            MultiVector query = TierSamples.Query(seed);
            SearchRequest request = TierSamples.Request(query, Named);

            SearchResult given = collection.Search(request with { Effort = SearchEffort.From(null, false, Named, [96, 12]) });
            SearchResult other = collection.Search(request with { Effort = SearchEffort.From(null, false, Named, [30, 25]) });

            // The budgets that a single one of 12 would mean; and others that it could not.
            Assert.Equal(TierSamples.Scores(collection.Search(TierSamples.Request(query, Named, 12))), TierSamples.Scores(given));
            Assert.Equal([96, 12], given.Plans[0].Budgets);
            Assert.Equal([30, 25], other.Plans[0].Budgets);
            Assert.Equal(25, other.Plans[0].ExactCount);
            Assert.Subset(Keys(collection, query, "codes:64", 30).ToHashSet(), other.Hits.Select(hit => hit.Entry.Key).ToHashSet());
        }
    }

    [Theory]
    [InlineData(Named, new[] { 50 }, "1 budgets (50) were given for 2 tiers")]
    [InlineData(Named, new[] { 50, 20, 10 }, "3 budgets")]
    [InlineData(Named, new[] { 50, 0 }, "at least 1")]
    [InlineData(Named, new[] { 20, 50 }, "do not grow")]
    [InlineData(null, new[] { 50 }, "tiers that are named")]
    public void From_BudgetsThatDoNotFit_AreRefused(string? tier, int[] budgets, string expected)
    {
        SearchOptionException error = Assert.Throws<SearchOptionException>(() => SearchEffort.From(null, isExact: false, tier, budgets));

        Assert.Equal("budgets", error.Parameter);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9, true, null, "recall")]
    [InlineData(0.9, false, "bits:2", "tier")]
    [InlineData(null, true, "bits:2", "tier")]
    public void From_WishesThatExcludeEachOther_AreRefused(double? recall, bool isExact, string? tier, string parameter) =>
        Assert.Equal(parameter, Assert.Throws<SearchOptionException>(() => SearchEffort.From(recall, isExact, tier, [])).Parameter);

    [Theory]
    [InlineData(0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void From_RecallOutOfRange_IsRefused(double recall) =>
        Assert.Equal("recall", Assert.Throws<ArgumentOutOfRangeException>(() => SearchEffort.From(recall, false, null, null)).ParamName);

    [Fact]
    public void Search_CascadesThatCannotBe_AreRefused()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options());
        SearchRequest request = TierSamples.Request(TierSamples.Query(1), Named);

        Assert.Contains("codes:99",
            Assert.Throws<SearchOptionException>(
            () => collection.Search(TierSamples.Request(TierSamples.Query(1), "codes:64 > codes:99"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Maintain_TwoTiers_MeasuresTheFasterOneBeforeTheOther()
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder, TierSamples.Options());

        TierStatistics[] tiers = [.. collection.Tiers.Get("words")];

        // Which one is the faster is for the clock to say; whatever was measured holds together.
        foreach (TierStatistics tier in tiers)
        {
            foreach (TierCascade cascade in tier.Calibration!.Cascades)
            {
                TierStatistics[] chain = [.. cascade.First.Select(spec => tiers.Single(other => other.Spec == spec)), tier];
                Assert.Equal(chain.Distinct(), chain);
                Assert.All(cascade.Steps, step =>
                {
                    Assert.Equal(chain.Length, step.Budgets.Count);
                    Assert.InRange(step.LowerBound, 0.8, step.Recall);
                    Assert.All(chain.Zip(step.Budgets),
                        pair => Assert.True(step.Recall <= FindRecall(pair.First, step.Top, pair.Second) + 1e-9));
                });
            }
        }
    }

    // Budgets beyond the one that finds everything are not listed.
    private static double FindRecall(TierStatistics tier, int top, int budget) =>
        tier.Calibration!.Budgets.Where(step => step.Top == top).FirstOrDefault(step => step.Budget >= budget)?.Recall ?? 1;

    private static string[] Keys(Collection collection, MultiVector query, string tier, int budget) =>
        [.. collection.Search(TierSamples.Request(query, tier, budget, top: budget)).Hits.Take(budget).Select(hit => hit.Entry.Key)];

    private static void Flip(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = 256;
        int value = file.ReadByte();
        file.Position = 256;
        file.WriteByte((byte)(value ^ 0x40));
    }

    private static Collection Make(string folder, CollectionOptions options)
    {
        Collection collection = Collection.Create(folder, options);
        TierSamples.Fill(collection, 40);
        collection.Tiers.Set("words", ["codes:64", "bits:2", "int8"]);
        collection.Upkeep.Run();
        return collection;
    }
}
