using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>The two spaces of photographs in a collection, and the tags that one of their models gives.</summary>
public sealed class PhotoSpacesTests : IDisposable
{
    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Index_PictureAndPage_PictureGetsRowsWithPlacesAndThePageNone()
    {
        string photo = WritePhoto("animal.png");
        _sample.WritePdf("page.pdf", "hello");

        IndexReport report = Index("photos", "photos-alike");

        Assert.Equal((2, 0), (report.Indexed, report.Failed.Count));
        MultiVector words = Rows("animal.png", "photos")!;
        MultiVector alike = Rows("animal.png", "photos-alike")!;
        Assert.Equal((49, 256, 15, 512), (words.RowCount, words.Dimension, alike.RowCount, alike.Dimension));
        Assert.InRange(words.Places[48].Left, (6f / 7) - 1e-4f, (6f / 7) + 1e-4f);
        Assert.Equal((1, 1), (words.Places[48].Right, words.Places[48].Bottom));
        Assert.Null(Rows("page.pdf#page=1", "photos"));
        Assert.Equal(["animal.png"], Find(query => query with { ImagePath = photo }).Take(1));
        Assert.Equal(2, Index("photos", "photos-alike").Unchanged);
    }

    [Fact]
    public void Index_PictureWithTags_IsFoundByThemAsTextAndByFilter()
    {
        WritePhoto("animal.png");
        _sample.WritePicture("gradient.png");

        Index("photos");

        string tags = _sample.Opened.Documents.Get("animal.png")!.Metadata["tags"].ToString();
        Assert.Contains("animal", tags.Split(", "));
        Assert.False(_sample.Opened.Documents.Get("gradient.png")!.Metadata.ContainsKey("tags"));
        Assert.Equal(["animal.png"], _sample.Search("animal", SearchSide.Text));
        Assert.Equal(["animal.png"], Find(query => query with
        {
            Text = "anything",
            Filter = Filter.Parse("meta.tags like \"*animal*\""),
        }));
    }

    [Fact]
    public void Index_SpaceAddedLater_TagsAndTextStay()
    {
        WritePhoto("animal.png");
        Index("photos");
        MetadataValue before = _sample.Opened.Documents.Get("animal.png")!.Metadata["tags"];

        Index("photos-alike");

        Assert.Equal(before, _sample.Opened.Documents.Get("animal.png")!.Metadata["tags"]);
        Assert.Equal(["animal.png"], _sample.Search("animal", SearchSide.Text));
        Assert.Equal((49, 15), (Rows("animal.png", "photos")!.RowCount, Rows("animal.png", "photos-alike")!.RowCount));
    }

    [Fact]
    public void Index_TagsOfTheUser_AreNotReplaced()
    {
        WritePhoto("animal.png");

        _sample.Index(request => request with { Models = ["photos"], Metadata = new Dictionary<string, MetadataValue> { ["tags"] = "mine" } });

        Assert.Equal("mine", _sample.Opened.Documents.Get("animal.png")!.Metadata["tags"].Value);
    }

    [Fact]
    public void Index_Video_EachFrameHasItsRowsWithItsSpan()
    {
        string still = WritePhoto("animal.png");
        VideoFixture.Create(_sample.PathOf("film.mp4"), "-loop", "1", "-t", "4", "-i", still, "-vf", "scale=224:224", "-pix_fmt", "yuv420p");
        File.Delete(still);

        Index("photos", "photos-alike");

        MultiVector words = Rows("film.mp4", "photos")!;
        MultiVector alike = Rows("film.mp4", "photos-alike")!;
        Assert.Equal(words.RowCount / 49, alike.RowCount / 15);
        Assert.Equal((0, 0), (words.RowCount % 49, alike.RowCount % 15));
        Assert.All(words.Places.ToArray(), place => Assert.True(place.EndSeconds > place.StartSeconds));
        Assert.Contains((MetadataValue)"animal", _sample.Opened.Documents.Get("film.mp4")!.Metadata["tags"].Elements);
    }

    private IndexReport Index(params string[] models) => _sample.Index(request => request with { Models = models });

    private MultiVector? Rows(string key, string space) => _sample.Opened.Entries.GetVectors(key, space);

    private IEnumerable<string> Find(Func<LibraryQuery, LibraryQuery> query) => _sample.Search(query).Hits.Select(hit => hit.Entry.Key);

    // Public-domain clip art of an echidna.
    private string WritePhoto(string name) => _sample.Write(
        name, File.ReadAllBytes(Path.Combine(RepositoryRoot.Folder, "tests/MultiVecRetrieval.Tests/Encoding/Models/photos/4.png")));
}
