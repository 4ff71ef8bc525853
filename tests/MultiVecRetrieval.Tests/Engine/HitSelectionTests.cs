using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>What happens to a ranking before it is shown: compared with the ranking itself.</summary>
public sealed class HitSelectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Collection _collection;
    private readonly Dictionary<string, MultiVector> _rows = [];

    public HitSelectionTests()
    {
        _collection = Collection.Create(_folder.PathOf("c"), new CollectionOptions { Spaces = [Samples.Space()] });
        Random random = new(11);
        using CollectionWriter writer = _collection.BeginWrite();
        for (int i = 0; i < 120; i++)
        {
            string key = $"{i:000}";
            _rows[key] = Samples.Rows(random, random.Next(1, 4), 8);
            string color = new[] { "red", "green", "blue" }[random.Next(3)];
            writer.BeginDocument(Samples.Document(
                $"d{i / 3:00}-{key}", MediaType.Page, ("color", color), ("rank", random.Next(40))));
            writer.Add(Samples.Content(key, _rows[key], text: random.Next(2) == 0 ? "harbour lights" : "dark water"));
        }

        writer.Commit();
    }

    public void Dispose()
    {
        _collection.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<bool, bool> Sides => new() { { true, false }, { false, true }, { true, true } };

    [Theory]
    [MemberData(nameof(Sides))]
    public void Search_WithALeastScore_IsTheBeginningOfTheRanking(bool byVectors, bool byText)
    {
        SearchRequest request = Request(byVectors, byText);
        IReadOnlyList<SearchHit> all = Search(request with { Top = 1000 }).Hits;
        double least = all[all.Count / 3].Score;

        SearchResult cut = Search(request with { Top = 5, Offset = 2, MinScore = least });
        SearchResult last = Search(request with { Top = 1000, MinScore = least });

        Assert.Equal(all.Where(hit => hit.Score >= least).Skip(2).Take(5).Select(hit => hit.Entry.Key), cut.Keys());
        Assert.Equal(all.Where(hit => hit.Score >= least).Select(hit => hit.Entry.Key), last.Keys());
        Assert.False(last.HasMore);
        Assert.Empty(Search(request with { MinScore = double.MaxValue }).Hits);
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public void Search_Sorted_PutsTheLikelyHitsInOrder(bool byVectors, bool byText)
    {
        SearchRequest request = Request(byVectors, byText);
        IReadOnlyList<SearchHit> all = Search(request with { Top = 1000 }).Hits;
        string[] expected =
        [
            .. all.Where(hit => hit.IsLikely).OrderByDescending(Rank).ThenBy(hit => hit.Document.Key, StringComparer.Ordinal)
                .Concat(all.Where(hit => !hit.IsLikely)).Select(hit => hit.Entry.Key),
        ];

        Assert.Equal(expected, Search(request with { Top = 1000, Order = EntryOrder.Parse("meta.rank desc") }).Keys());
        Assert.Equal(expected[10..20], Search(request with { Top = 10, Offset = 10, Order = EntryOrder.Parse("meta.rank desc") }).Keys());

        static double Rank(SearchHit hit) => (double)hit.Document.Metadata["rank"].Value;
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public void Search_WithFacets_CountsTheLikelyHits(bool byVectors, bool byText)
    {
        SearchRequest request = Request(byVectors, byText);
        IEnumerable<SearchHit> likely = Search(request with { Top = 1000 }).Hits.Where(hit => hit.IsLikely);

        SearchResult found = Search(request with { Top = 3, Facets = ["meta.color", "type"] });

        Assert.Equal(
            likely.GroupBy(hit => (string)hit.Document.Metadata["color"].Value).Select(group => (group.Key, (long)group.Count()))
                .OrderByDescending(pair => pair.Item2).ThenBy(pair => pair.Key, StringComparer.Ordinal),
            found.Facets[0].Values.Select(value => ((string)value.Value.Value, value.Count)));
        Assert.Equal(likely.Count(), found.Facets[1].Values.Sum(value => value.Count));
        Assert.Equal(3, found.Hits.Count);
        Assert.True(found.HasMore);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    public void Search_WithDiversity_IsGreedyMaximalMarginalRelevance(double diversity)
    {
        SearchRequest request = Request(byVectors: true, byText: false);
        List<SearchHit> left = [.. Search(request with { Top = 100 }).Hits];
        double best = left.Max(hit => Math.Abs(hit.Score));
        List<string> expected = [];
        while (expected.Count < 12)
        {
            // From the definition: relevance less the largest similarity to what was chosen before, none of it below 0.
            SearchHit next = left.MaxBy(hit => ((1 - diversity) * hit.Score / best) - (diversity * expected
                .Select(key => Cosine(_rows[key], _rows[hit.Entry.Key])).DefaultIfEmpty(0).Max(similarity => Math.Max(0, similarity))))!;
            expected.Add(next.Entry.Key);
            left.Remove(next);
        }

        Assert.Equal(expected, Search(request with { Top = 12, Diversity = diversity }).Keys());
        Assert.Equal(expected[5..9], Search(request with { Top = 4, Offset = 5, Diversity = diversity }).Keys());
    }

    [Fact]
    public void Search_WithDiversityPageByPage_HasEveryHitOnce()
    {
        SearchRequest request = Request(byVectors: true, byText: false) with { Top = 10, Diversity = 0.6 };

        string[] keys = [.. Enumerable.Range(0, 12).SelectMany(page => Search(request with { Offset = 10 * page }).Keys())];

        Assert.Equal(_rows.Keys.Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Search_GroupedAndSorted_OrdersDocumentsByTheirFirstEntry()
    {
        SearchRequest request = Request(byVectors: true, byText: true) with { Order = EntryOrder.Parse("meta.rank"), GroupSize = 3 };

        SearchResult found = Search(request with { Top = 1000 });

        double[] ranks = [.. found.Hits.Where(hit => hit.IsLikely).Select(hit => (double)hit.Document.Metadata["rank"].Value)];
        Assert.NotEmpty(ranks);
        Assert.Equal(ranks.Order(), ranks);
    }

    [Fact]
    public void Search_OptionsOutOfRange_AreRefusedByName()
    {
        SearchRequest request = Request(byVectors: true, byText: false);

        Assert.Throws<ArgumentOutOfRangeException>(() => Search(request with { Diversity = 1.5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Search(request with { MinScore = double.NaN }));
        Assert.Equal("diversity", Assert.Throws<SearchOptionException>(
            () => Search(request with { Diversity = 0.5, Order = new EntryOrder("page") })).Parameter);
        Assert.Equal("facets", Assert.Throws<SearchOptionException>(() => Search(request with { Facets = ["colour"] })).Parameter);
        Assert.Equal("facets", Assert.Throws<SearchOptionException>(
            () => Search(request with { Facets = [.. Enumerable.Repeat("type", 17)] })).Parameter);
    }

    private static SearchRequest Request(bool byVectors, bool byText) => new()
    {
        Vectors = byVectors ? [Samples.Query(Samples.Rows(new Random(3), 2, 8))] : [],
        Text = byText ? "harbour" : null,
    };

    private static double Cosine(MultiVector a, MultiVector b)
    {
        double[] left = Mean(a), right = Mean(b);
        return left.Zip(right, (x, y) => x * y).Sum() / Math.Sqrt(left.Sum(x => x * x) * right.Sum(x => x * x));

        static double[] Mean(MultiVector rows) =>
            [.. Enumerable.Range(0, rows.Dimension).Select(i => Enumerable.Range(0, rows.RowCount).Sum(row => (double)rows.Row(row)[i]))];
    }

    private SearchResult Search(SearchRequest request) => _collection.Search(request);
}
