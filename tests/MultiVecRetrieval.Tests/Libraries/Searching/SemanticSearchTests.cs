using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Libraries.Searching;

/// <summary>A dual encoder whose geometry is known, through the whole path: files, frames, text, picture, example.</summary>
public sealed class SemanticSearchTests : IDisposable
{
    private readonly PlantedEncoder _model = PlantedEncoder.CreateSplit();
    private readonly SampleLibrary _sample = new();

    public SemanticSearchTests()
    {
        foreach ((string word, byte red, byte green, byte blue) in PlantedEncoder.Colors.Take(3))
        {
            _sample.Write($"{word}.png", SampleLibrary.Png(PlantedEncoder.Plain(48, 40, (red, green, blue))));
        }

        VideoFixture.Create(
            _sample.PathOf("film.mkv"), "-f", "lavfi", "-i", "color=black:s=64x48:r=5:d=2", "-f", "lavfi", "-i",
                "color=yellow:s=64x48:r=5:d=2",
            "-filter_complex", "[0][1]concat=n=2:v=1", "-c:v", "ffv1");
        IndexReport report = _sample.Index(request => request with { Models = [_model.Folder] });
        Assert.Equal((4, 0), (report.Indexed, report.Failed.Count));
    }

    public void Dispose()
    {
        _sample.Dispose();
        _model.Dispose();
    }

    [Theory]
    [InlineData("a photo of red", "red.png")]
    [InlineData("green", "green.png")]
    [InlineData("blue", "blue.png")]
    public void Search_Text_FindsThePictureItMeans(string text, string key)
    {
        SearchResult result = Ask(query => query with { Text = text });

        Assert.Equal(key, result.Hits[0].Entry.Key);
        // Its name says it, too.
        Assert.Contains(result.Hits[0].Sources, source => source.Name.StartsWith("vectors:", StringComparison.Ordinal));
    }

    [Fact]
    public void Search_TextOfAMoment_FindsTheVideoAndSaysWhen()
    {
        SearchHit hit = Ask(query => query with { Text = "yellow" }).Hits[0];

        Assert.Equal("film.mkv", hit.Entry.Key);
        Assert.InRange(hit.Matches[0].Place.StartSeconds, 1.0f, 3.0f);
    }

    [Fact]
    public void Search_Picture_FindsWhatLooksLikeItWithoutANotice()
    {
        byte[] orange = SampleLibrary.Png(PlantedEncoder.Plain(30, 30, (240, 40, 20)));

        SearchResult result = Ask(query => query with { ImageBytes = orange });

        Assert.Equal("red.png", result.Hits[0].Entry.Key);
        Assert.Empty(result.Notices);
    }

    // One space takes words and pictures, so their similarities add up: what is halfway between them comes first.
    [Theory]
    [InlineData(SearchSide.Vectors)]
    [InlineData(SearchSide.Fused)]
    public void Search_PictureAndWords_FindsWhatIsLikeTheOneAndMeetsTheOther(SearchSide side)
    {
        _sample.Write("between.png", SampleLibrary.Png(PlantedEncoder.Plain(48, 40, (200, 0, 200))));
        _sample.Index();
        byte[] red = SampleLibrary.Png(PlantedEncoder.Plain(30, 30, (240, 10, 10)));

        SearchResult both = Ask(query => query with { ImageBytes = red, Text = "blue", Using = side });
        SearchResult example = Ask(query => query with { LikeEntry = "red.png", Text = "blue", Using = side });

        Assert.Equal("between.png", both.Hits[0].Entry.Key);
        Assert.Equal("between.png", example.Hits[0].Entry.Key);
        Assert.DoesNotContain(example.Hits, hit => hit.Entry.Key == "red.png");
        Assert.Equal("red.png", Ask(query => query with { ImageBytes = red, Using = side }).Hits[0].Entry.Key);
    }

    [Fact]
    public void Search_Example_LeavesItselfOut()
    {
        SearchResult result = Ask(query => query with { LikeEntry = "red.png" });

        Assert.Equal(3, result.Hits.Count);
        Assert.DoesNotContain(result.Hits, hit => hit.Entry.Key == "red.png");
    }

    private SearchResult Ask(Func<LibraryQuery, LibraryQuery> change) =>
        _sample.Search(change);
}
