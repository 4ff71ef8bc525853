using MultiVecRetrieval.Libraries.Searching;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Libraries.Searching;

public class VideoFrameTests
{
    // Two words, each an axis of its own.
    private static readonly MultiVector Query = new(3, [1, 0, 0, 0, 1, 0]);

    [Fact]
    public void Find_StrongestWordStandsAlone_MomentOfBothWordsWins()
    {
        MultiVector video = Video((0, 0.95f, 0), (10, 0.8f, 0), (10, 0, 0.75f), (20, 0, 0.9f));

        VideoFrame moment = FindBest(video, 0.7)!;

        Assert.All(moment.Places, place => Assert.Equal((10f, 11f), (place.StartSeconds, place.EndSeconds)));
        Assert.Equal([0.8f, 0.75f], moment.Similarities.Select(similarity => (float)similarity));
    }

    [Fact]
    public void Find_NothingIsLikely_LargestSumWins()
    {
        MultiVector video = Video((0, 0.6f, 0.1f), (5, 0.4f, 0.5f));

        VideoFrame moment = FindBest(video, 0.7)!;

        Assert.Equal(5, moment.Places[0].StartSeconds);
    }

    [Fact]
    public void Find_FullFrameOfOtherWords_DoesNotOutweighTheWordThatIsThere()
    {
        // The second frame has the larger sum, 1.2 to 0.85, and shows neither word.
        MultiVector video = Video((0, 0.8f, 0.05f), (5, 0.6f, 0), (5, 0, 0.6f));

        Assert.Equal(0, FindBest(video, 0.7)!.Places[0].StartSeconds);
        Assert.Equal(5, FindBest(video, double.NegativeInfinity)!.Places[0].StartSeconds);
    }

    [Fact]
    public void Find_EqualMoments_EarliestWins() =>
        Assert.Equal(2, FindBest(Video((7, 0.8f, 0.8f), (2, 0.8f, 0.8f)), 0.7)!.Places[0].StartSeconds);

    [Fact]
    public void Find_MergedRow_BelongsToEveryMomentThatItStandsFor()
    {
        // The first word is seen at 2 and at 9, in one row; the second at 9 alone.
        Place early = new(0, 0, 0.5f, 0.5f, 2, 3);
        Place late = new(0.5f, 0, 1, 0.5f, 9, 10);
        MultiVector video = new(3, [0.9f, 0, 0, 0, 0.9f, 0], [new Place(0, 0, 1, 0.5f, 2, 10), late]) { Members = [[early, late], null] };

        VideoFrame moment = FindBest(video, 0.7)!;

        Assert.Equal([late, late], moment.Places);
        Assert.All(moment.Similarities, similarity => Assert.Equal(0.9f, (float)similarity));
    }

    [Fact]
    public void Match_RowOfTheWholeVideo_IsNoFrame()
    {
        MultiVector frames = Video((0, 0.2f, 0.2f), (1, 0.8f, 0.8f), (2, 0.1f, 0.1f));
        MultiVector video = new(
            3, [.. frames.Values.ToArray(), 0.9f, 0.9f, 0], [.. frames.Places.ToArray(), new Place(0, 0, 1, 1, 0, 3)]);

        IReadOnlyList<VideoFrame> seen = VideoFrame.Match(Query.View, video);

        Assert.Equal([0f, 1, 2], seen.Select(frame => frame.Place.StartSeconds));
        Moment moment = Assert.Single(VideoFrame.FindMoments(seen, 1));
        Assert.Equal((1, 2), (moment.StartSeconds, moment.EndSeconds));
    }

    [Fact]
    public void Match_OneFrameForTheWholeVideo_IsAFrame()
    {
        VideoFrame frame = Assert.Single(VideoFrame.Match(Query.View, Video((0, 0.5f, 0.25f))));

        Assert.Equal([0.5f, 0.25f], frame.Similarities.Select(similarity => (float)similarity));
    }

    [Fact]
    public void Find_NoSpans_IsNull()
    {
        Assert.Null(FindBest(new MultiVector(3, [1, 0, 0]), 0.7));
        Assert.Null(FindBest(new MultiVector(3, [1, 0, 0], [Place.Whole]), 0.7));
    }

    private static VideoFrame? FindBest(MultiVector video, double presence) =>
        VideoFrame.FindBest(VideoFrame.Match(Query.View, video), presence);

    // Rows of a second each: when, and how much of the first and second word is in them.
    private static MultiVector Video(params (float Start, float First, float Second)[] rows) => new(
        3,
        [.. rows.SelectMany(row => new[] { row.First, row.Second, 0 })],
        [.. rows.Select(row => new Place(0, 0, 1, 1, row.Start, row.Start + 1))]);
}
