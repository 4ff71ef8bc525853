using MultiVecRetrieval.Mcp;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Mcp;

public sealed class MatchedPlacesTests
{
    private static readonly Place Word = new(0.1f, 0.1f, 0.2f, 0.2f);
    private static readonly Place Line = new(0.1f, 0.5f, 0.9f, 0.6f);
    private static readonly Place Early = Word with { StartSeconds = 1, EndSeconds = 2 };
    private static readonly Place Late = Line with { StartSeconds = 3, EndSeconds = 4 };

    [Fact]
    public void Of_LikelyMatches_AreTheirPlacesAlone() =>
        Assert.Equal([Word], MatchedPlaces.Of(Hit(isLikely: true, (Word, true), (Line, false)), time: null));

    [Fact]
    public void Of_AnswerWithoutAPlaceOfItsOwn_IsItsPassage() =>
        Assert.Equal([Line], MatchedPlaces.Of(Hit(isLikely: true, (Place.Whole, true)), time: null));

    [Fact]
    public void Of_NoAnswer_IsNothing() =>
        Assert.Empty(MatchedPlaces.Of(Hit(isLikely: false, (Place.Whole, true), (Word, false)), time: null));

    [Fact]
    public void Of_Video_IsWhatIsSeenAtTheMoment() =>
        Assert.Equal([Word], MatchedPlaces.Of(Hit(isLikely: true, (Early, true), (Late, true)), time: 1.5));

    private static SearchHit Hit(bool isLikely, params (Place Place, bool IsLikely)[] matches) => new()
    {
        Entry = new Entry { Key = "k", DocumentKey = "k", MediaType = MediaType.Image },
        Document = new Document { Key = "k", MediaType = MediaType.Image, ContentType = "image/png", ContentHash = new string('a', 64) },
        Rank = 1,
        Score = 1,
        IsLikely = isLikely,
        Matches = [.. matches.Select(match => new HitMatch("word", 1, match.Place, "text", match.IsLikely))],
        Passage = new HitPassage("a line", [], [Line]),
    };
}
