using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Hits by document are the ranking of entries, gathered: compared with the ranking itself.</summary>
public sealed class GroupingTests : IDisposable
{
    private const int Documents = 40;

    private readonly TemporaryFolder _folder = new();
    private readonly Collection _collection;

    public GroupingTests()
    {
        _collection = Collection.Create(_folder.PathOf("c"), new CollectionOptions { Spaces = [Samples.Space()] });
        Random random = new(5);
        string[] words = ["river", "mountain", "bridge", "valley", "harbour"];
        using CollectionWriter writer = _collection.BeginWrite();
        for (int i = 0; i < Documents; i++)
        {
            // The first document alone fills what a search looks at first.
            string key = $"{i:00}.pdf";
            writer.BeginDocument(Samples.Document(key));
            for (int page = 1; page <= (i == 0 ? 150 : random.Next(1, 8)); page++)
            {
                string text = string.Join(' ', Enumerable.Range(0, i == 0 ? 12 : 30).Select(n => n % 6 == 0 ? words[random.Next(5)] : "water"));
                MultiVector rows = Samples.Rows(random, 3, 8);
                writer.Add(Samples.Content($"{key}#page={page}", rows, text, page));
            }
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
    public void Search_Grouped_IsTheRankingOfEntriesGathered(bool byVectors, bool byText)
    {
        SearchRequest request = Request(byVectors, byText) with { Top = 10_000 };
        List<(string Document, List<SearchHit> Hits)> expected = Gather(Search(request).Hits);

        foreach (int offset in (int[])[0, 3, 25, 60])
        {
            SearchResult grouped = Search(request with { Top = 7, Offset = offset, GroupSize = 4 });

            List<(string Document, List<SearchHit> Hits)> wanted = [.. expected.Skip(offset).Take(7)];
            Assert.Equal(wanted.Select(group => group.Document), grouped.Hits.Select(hit => hit.Document.Key));
            Assert.Equal(wanted.Select((_, index) => offset + index + 1), grouped.Hits.Select(hit => hit.Rank));
            foreach ((SearchHit hit, List<SearchHit> hits) in grouped.Hits.Zip(wanted.Select(group => group.Hits)))
            {
                List<SearchHit> kept = [.. hits.Take(4).Where((other, index) => index == 0 || other.IsLikely || !hits[0].IsLikely)];
                List<SearchHit> found = [.. hit.Others.Prepend(hit)];
                Assert.Equal(kept.Take(found.Count).Select(other => other.Entry.Key), found.Select(other => other.Entry.Key));
                Assert.Equal(kept.Take(found.Count).Select(other => other.Score), found.Select(other => other.Score));
                Assert.All(kept.Skip(found.Count), missing => Assert.True(missing.Rank > 100));
                Assert.Equal(Enumerable.Range(2, hit.Others.Count), hit.Others.Select(other => other.Rank));
            }

            Assert.Equal(expected.Count > offset + 7, grouped.HasMore);
        }
    }

    [Fact]
    public void Search_GroupsOfOne_HaveNoOthers() =>
        Assert.All(Search(Request(true, true) with { GroupSize = 1 }).Hits, hit => Assert.Empty(hit.Others));

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void Search_GroupSizeOutOfRange_IsRefusedByName(int size) =>
        Assert.Contains("group size", Assert.Throws<ArgumentOutOfRangeException>(
            () => Search(Request(true, false) with { GroupSize = size })).Message, StringComparison.Ordinal);

    private static List<(string Document, List<SearchHit> Hits)> Gather(IReadOnlyList<SearchHit> hits) =>
        [.. hits.GroupBy(hit => hit.Document.Key).Select(group => (group.Key, group.ToList()))];

    private SearchResult Search(SearchRequest request) => _collection.Search(request, TestContext.Current.CancellationToken);

    private static SearchRequest Request(bool byVectors, bool byText) => new()
    {
        Text = byText ? "river bridge" : null,
        Vectors = byVectors ? [Samples.Query(Samples.Rows(new Random(9), 2, 8))] : [],
    };
}
