using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Tests.Ingestion;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Libraries.Searching;

/// <summary>One collection, indexed once, that every test asks.</summary>
public sealed class LibrarySearchTests : IClassFixture<LibrarySearchTests.IndexedFolder>
{
    private readonly SampleLibrary _sample;
    private readonly IndexedFolder _folder;

    public LibrarySearchTests(IndexedFolder folder)
    {
        _folder = folder;
        _sample = folder.Sample;
    }

    [Fact]
    public void Search_WordOfATextLayer_IsFoundByItAndMarkedBySight()
    {
        SearchHit first = Search("weather").Hits[0];

        Assert.Equal("report.pdf#page=3", first.Entry.Key);
        Assert.Equal(["text"], first.Sources.Select(source => source.Name));
        // Each side says where: both boxes lie on the one line of the page, whose second word starts at a tenth of the width.
        Assert.Equal(2, first.Matches.Select(match => match.Source).Distinct().Count());
        Assert.All(first.Matches, match => Assert.InRange(match.Place.Left, 0.08f, 0.2f));
    }

    [Fact]
    public void Search_WordInAPictureOnly_IsFoundByVectors()
    {
        SearchResult result = Search("lighthouse");

        SearchHit hit = Assert.Single(result.Hits, hit => hit.Matches.Any(match => match.IsLikely));
        Assert.Equal("sign.png", hit.Entry.Key);
        Assert.Equal(["vectors:page-words"], hit.Sources.Select(source => source.Name));
    }

    [Fact]
    public void Search_WordInAVideo_SaysWhen()
    {
        SearchHit hit = Search("umbrella").Hits[0];

        Assert.Equal("film.mkv", hit.Entry.Key);
        HitMatch match = Assert.Single(hit.Matches);
        Assert.True(match.IsLikely);
        // The word is shown from second 2 to second 4.
        Assert.InRange(match.Place.StartSeconds, 1.0f, 3.0f);
        Assert.InRange(match.Place.EndSeconds, match.Place.StartSeconds, 4.5f);
        Assert.Equal(4, hit.Entry.DurationSeconds!.Value, tolerance: 0.5);
    }

    [Theory]
    [InlineData(SearchSide.Text, "text")]
    [InlineData(SearchSide.Vectors, "vectors:page-words")]
    public void Search_OneSide_OnlyThatSideAnswers(SearchSide side, string name)
    {
        SearchResult result = Search("weather", query => query with { Using = side });

        Assert.Equal("report.pdf#page=3", result.Hits[0].Entry.Key);
        Assert.All(result.Hits, hit => Assert.Equal([name], hit.Sources.Select(source => source.Name)));
    }

    [Fact]
    public void Search_WordThatIsNowhere_IsDoubtfulEverywhereAndSaysSo()
    {
        SearchResult result = Search("xylophone");

        Assert.All(result.Hits, hit => Assert.False(Assert.Single(hit.Matches).IsLikely));
        Assert.Contains(result.Notices, notice => notice.StartsWith("Nothing here matches", StringComparison.Ordinal));
        Assert.Empty(Search("weather").Notices);
    }

    [Fact]
    public void Search_FilterThatNothingPasses_SaysSo()
    {
        SearchResult result = Search("weather", query => query with { Filter = Filter.Equal("document", "absent.pdf") });

        Assert.Empty(result.Hits);
        Assert.Contains("No entry passes the filter.", result.Notices);
    }

    [Fact]
    public void Search_OneWordIsThereAndOneIsNot_ShowsTheOne()
    {
        SearchHit hit = Search("lighthouse xylophone").Hits[0];

        Assert.Equal("sign.png", hit.Entry.Key);
        Assert.Equal(("lighthouse", true), (Assert.Single(hit.Matches).Label, hit.Matches[0].IsLikely));
    }

    [Fact]
    public void Search_VideoWithoutTheWord_StillOpensSomewhere()
    {
        SearchHit film = Search("xylophone").Hits.Single(hit => hit.Entry.Key == "film.mkv");

        HitMatch match = Assert.Single(film.Matches);
        Assert.False(match.IsLikely);
        Assert.True(match.Place.HasSpan);
    }

    [Fact]
    public void Search_Filter_IsApplied()
    {
        SearchResult result = Search("glacier", query => query with { Filter = Filter.Equal("type", "image") });

        Assert.NotEmpty(result.Hits);
        Assert.All(result.Hits, hit => Assert.Equal(MediaType.Image, hit.Entry.MediaType));
    }

    [Fact]
    public void Search_SamePictureFile_IsAnExactDuplicateAndSaysWhatIsMissing()
    {
        SearchResult result = Ask(query => query with { ImagePath = _sample.PathOf("photo.png") });

        Assert.Equal("photo.png", result.Hits[0].Entry.Key);
        Assert.Equal("duplicate", Assert.Single(result.Hits[0].Sources).Name);
        Assert.Contains(result.Notices, notice => notice.Contains("CLIP", StringComparison.Ordinal));
    }

    [Fact]
    public void Search_ReencodedPicture_IsANearDuplicate()
    {
        byte[] jpeg = PictureSource.Save(_folder.Photo, "jpegsave_buffer");

        SearchResult result = Ask(query => query with { ImageBytes = jpeg });

        Assert.Equal("photo.png", result.Hits[0].Entry.Key);
        Assert.Equal("similar", Assert.Single(result.Hits[0].Matches).Label);
        Assert.DoesNotContain(result.Hits, hit => hit.Entry.Key == "other.png");
    }

    [Fact]
    public void Search_PictureThatIsNone_Throws()
    {
        Assert.Throws<MediaException>(() => Ask(query => query with { ImagePath = _sample.PathOf("report.pdf") }));
        Assert.Throws<MediaException>(() => Ask(query => query with { ImageBytes = new byte[10] }));
    }

    [Fact]
    public void Search_LikeAPage_FindsItsCopyAndNotItself()
    {
        SearchResult result = Ask(query => query with { LikeEntry = "report.pdf#page=2" });

        Assert.Equal("copy/same.pdf#page=1", result.Hits[0].Entry.Key);
        Assert.DoesNotContain(result.Hits, hit => hit.Entry.Key == "report.pdf#page=2");
    }

    [Fact]
    public void Search_LikeNothing_Throws()
    {
        EntryNotFoundException error = Assert.Throws<EntryNotFoundException>(() => Ask(query => query with { LikeEntry = "nothing" }));

        Assert.Equal("nothing", error.Key);
    }

    [Fact]
    public async Task Search_NothingAsked_Throws()
    {
        Assert.ThrowsAny<ArgumentException>(() => Ask(query => query));
        Assert.ThrowsAny<ArgumentException>(() => Ask(query => query with { LikeEntry = "sign.png", Using = SearchSide.Text }));
        await Assert.ThrowsAsync<CollectionNotFoundException>(
            () => _sample.Library.SearchAsync(new LibraryQuery { Collection = "none", Text = "a" }));
    }

    [Fact]
    public void Search_TextWithoutWords_IsEmptyWithANotice()
    {
        SearchResult result = Search("!!!", query => query with { Using = SearchSide.Vectors });

        Assert.Empty(result.Hits);
        Assert.NotEmpty(result.Notices);
    }

    [Fact]
    public async Task SearchAsync_MoreThanProcessorsAtOnce_AllEndAndACancelledOneThrows()
    {
        LibraryQuery query = new() { Collection = SampleLibrary.Collection, Text = "glacier" };

        SearchResult[] results = await Task.WhenAll(Enumerable.Range(0, (4 * Environment.ProcessorCount) + 1)
            .Select(_ => _sample.Library.SearchAsync(query, TestContext.Current.CancellationToken)));

        Assert.All(results, result => Assert.Equal(results[0].Hits[0].Entry.Key, result.Hits[0].Entry.Key));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _sample.Library.SearchAsync(query, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Search_Timings_TellEncodingApart() => Assert.Contains("encode", Search("glacier").TimingsMs.Keys);

    [Fact]
    public async Task GetPicture_ImagePageAndFrame_AreJpegsOfThatSize()
    {
        foreach ((string key, double? time) in new (string, double?)[] { ("photo.png", null), ("report.pdf#page=2", null),
            ("film.mkv", 3) })
        {
            byte[] picture = await _sample.Library.GetPictureAsync(SampleLibrary.Collection, key, longSide: 40, time);

            RgbImage image = new ImageDecoder(new MediaLimits()).Decode(picture);
            Assert.Equal(MediaFormat.Jpeg, MediaSniffer.Detect(picture));
            Assert.Equal(40, Math.Max(image.Width, image.Height));
        }
    }

    [Fact]
    public async Task GetPicture_UnknownEntryOrSize_Throws()
    {
        await Assert.ThrowsAsync<EntryNotFoundException>(() => _sample.Library.GetPictureAsync(SampleLibrary.Collection, "nothing", 64));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => _sample.Library.GetPictureAsync(SampleLibrary.Collection, "photo.png", 0));
    }

    private SearchResult Search(string text, Func<LibraryQuery, LibraryQuery>? change = null) =>
        Ask(query => (change ?? (same => same))(query with { Text = text }));

    private SearchResult Ask(Func<LibraryQuery, LibraryQuery> change) =>
        _sample.Search(change);

    public sealed class IndexedFolder : IDisposable
    {
        public IndexedFolder()
        {
            Sample.WritePdf("report.pdf", "quarterly revenue", "glacier", "mountain weather");
            Sample.WritePdf("copy/same.pdf", "glacier");
            Sample.WriteTextPicture("sign.png", "lighthouse keeper");
            Photo = SampleLibrary.Blocks(160, 120, seed: 1);
            Sample.Write("other.png", SampleLibrary.Png(SampleLibrary.Blocks(160, 120, seed: 2)));
            Sample.Write("photo.png", SampleLibrary.Png(Photo));
            // Two seconds without words, then two with one.
            string blank = Sample.Write("film0.png", SampleLibrary.Png(SampleLibrary.RenderText(" ")));
            string word = Sample.Write("film1.png", SampleLibrary.Png(SampleLibrary.RenderText("umbrella")));
            VideoFixture.Create(
                Sample.PathOf("film.mkv"), "-loop", "1", "-t", "2", "-i", blank, "-loop", "1", "-t", "2", "-i", word,
                "-filter_complex", "[0][1]concat=n=2:v=1,fps=5", "-c:v", "ffv1");
            File.Delete(blank);
            File.Delete(word);
            IndexReport report = Sample.Index();
            Assert.Empty(report.Failed);
            Assert.Empty(report.Partial);
        }

        internal SampleLibrary Sample { get; } = new();

        internal RgbImage Photo { get; }

        public void Dispose() => Sample.Dispose();
    }
}
