using MultiVecRetrieval.Tests.Engine.Tiers;

namespace MultiVecRetrieval.Tests.Engine;

/// <summary>Whether there are more hits is known without asking for one more.</summary>
public class HasMoreTests
{
    private const int EntryCount = 15;

    [Theory]
    [InlineData(10, 0, true)]
    [InlineData(10, 5, false)]
    [InlineData(EntryCount - 1, 0, true)]
    [InlineData(EntryCount, 0, false)]
    [InlineData(5, EntryCount, false)]
    public void Search_Vectors_SaysWhetherALargerOffsetGivesMore(int top, int offset, bool expected)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder);
        SearchRequest request = TierSamples.Request(TierSamples.Query(1), top: top) with { Offset = offset };

        SearchResult result = collection.Search(request);

        Assert.Equal(expected, result.HasMore);
        Assert.Equal(expected, collection.Search(request with { Offset = offset + top }).Hits.Count > 0);
    }

    [Theory]
    [InlineData(14, true)]
    [InlineData(15, false)]
    public void Search_SeveralSides_SaysSoOfWhatTheyFindTogether(int top, bool expected)
    {
        using TemporaryFolder folder = new();
        using Collection collection = Make(folder);

        SearchResult result = collection.Search(TierSamples.Request(TierSamples.Query(1), top: top) with { Text = "nothing like it" });

        Assert.Equal((expected, top), (result.HasMore, result.Hits.Count));
    }

    private static Collection Make(string folder)
    {
        Collection collection = Collection.Create(folder, TierSamples.Options());
        TierSamples.Fill(collection, 3);
        return collection;
    }
}
