using MultiVecRetrieval.Mcp;

namespace MultiVecRetrieval.Tests.Mcp;

public sealed class RankedCollectionTests
{
    [Fact]
    public void EvidenceOf_SeveralSides_IsTheScore()
    {
        SearchHit[] hits = [Hit(0.8, true, ("text", 7), ("vectors:a", 0.9)), Hit(0.2, false, ("text", 2))];

        RankedCollection ranked = Rank(hits);

        Assert.Equal([0.8, 0.2], hits.Select(ranked.EvidenceOf));
    }

    [Fact]
    public void EvidenceOf_OneSide_IsTheShareOfTheBest()
    {
        SearchHit[] hits = [Hit(8, true, ("text", 8)), Hit(6, true, ("text", 6)), Hit(4, false, ("text", 4))];

        RankedCollection ranked = Rank(hits);

        // The last is not likely, so it stays at the line of those that are.
        Assert.Equal([1, 0.75, SearchHit.LikelyEvidence], hits.Select(ranked.EvidenceOf));
    }

    [Fact]
    public void EvidenceOf_OneSideWithoutAPositiveScore_IsNone()
    {
        SearchHit[] hits = [Hit(-0.5, true, ("vectors:a", -0.5))];

        Assert.Equal(0, Rank(hits).EvidenceOf(hits[0]));
    }

    private static RankedCollection Rank(SearchHit[] hits) =>
        new("c", null!, new SearchResult { Hits = hits, IsExact = true, CandidateCount = hits.Length });

    private static SearchHit Hit(double score, bool isLikely, params (string Name, double Score)[] sources) => new()
    {
        Entry = new Entry { Key = "k", DocumentKey = "k", MediaType = MediaType.Image },
        Document = new Document { Key = "k", MediaType = MediaType.Image, ContentType = "image/png", ContentHash = new string('a', 64) },
        Rank = 1,
        Score = score,
        IsLikely = isLikely,
        Sources = [.. sources.Select(source => new HitSource(source.Name, 1, source.Score))],
    };
}
