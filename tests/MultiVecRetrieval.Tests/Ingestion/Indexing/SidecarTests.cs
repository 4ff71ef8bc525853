using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>Files beside a picture, a video or a PDF belong to it, and are noticed when they change though it does not.</summary>
public sealed class SidecarTests : IDisposable
{
    private const string Xmp = """
        <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Bergen">
        <dc:title><rdf:Alt><rdf:li xml:lang="x-default">Regatta</rdf:li></rdf:Alt></dc:title>
        <dc:subject><rdf:Bag><rdf:li>sail</rdf:li><rdf:li>wind</rdf:li></rdf:Bag></dc:subject>
        </rdf:Description></rdf:RDF></x:xmpmeta>
        """;

    private readonly SampleLibrary _sample = new();

    [Fact]
    public void Index_TextAndXmpBesidePicture_AreItsCaptionAndMetadata()
    {
        _sample.WritePicture("photo.png");
        WriteText("photo.png.txt", "The ferries cross the fjord.");
        WriteText("photo.xmp", Xmp);
        WriteText("other.txt", "a document of its own");

        IndexReport report = _sample.Index(request => request with { Models = ["words-only", "minilm"] });

        Assert.Equal((2, 2, 0), (report.Indexed, report.Excluded, report.Unsupported.Count));
        Assert.Equal(["other.txt#section=1", "photo.png"], _sample.Keys());
        Assert.Equal("belongs to photo.png", _sample.Source("photo.xmp").Reason);
        IReadOnlyDictionary<string, MetadataValue> metadata = _sample.Opened.Documents.Get("photo.png")!.Metadata;
        Assert.Equal(("Regatta", MetadataValue.List(["sail", "wind"]), "Bergen"),
            (metadata["title"].Value, metadata["keywords"], metadata["place"].Value));
        Assert.Equal("The ferries cross the fjord.", metadata["description"].Value);
        SearchHit hit = _sample.Search(query => query with { Text = "ferry crossing", Using = SearchSide.Text }).Hits[0];
        Assert.Equal(("photo.png", "The ferries cross the fjord."), (hit.Entry.Key, hit.Passage!.Text));
        Assert.Equal("photo.png", _sample.Search("boats travel over the bay")[0]);
        Assert.Equal(1, _sample.Opened.Entries.GetVectors("photo.png", "minilm")!.RowCount);
    }

    [Fact]
    public void Index_CaptionThatAppearsChangesAndGoes_IsNoticedThoughThePictureIsUnchanged()
    {
        _sample.WritePicture("photo.png");
        _sample.Index();
        WriteText("photo.txt", "first caption");
        IndexReport added = _sample.Index();
        IReadOnlyList<string> withFirst = _sample.Search("first", SearchSide.Text);
        WriteText("photo.txt", "second caption, longer");
        IndexReport changed = _sample.Index();
        IReadOnlyList<string> withSecond = _sample.Search("second", SearchSide.Text);
        IndexReport again = _sample.Index();
        File.Delete(_sample.PathOf("photo.txt"));
        IndexReport gone = _sample.Index();

        Assert.Equal((1, 1, 1), (added.Indexed, changed.Indexed, gone.Indexed));
        Assert.Equal((0, 1, 1), (again.Indexed, again.Unchanged, again.Excluded));
        Assert.Equal(["photo.png"], withFirst);
        Assert.Equal(["photo.png"], withSecond);
        Assert.Empty(_sample.Search("first", SearchSide.Text));
        Assert.Empty(_sample.Search("second", SearchSide.Text));
        Assert.Equal(["photo.png"], _sample.Keys());
        _sample.AssertComplete();
    }

    [Fact]
    public void Index_ChangeThatAnEarlierRunDidNotGetTo_IsReadByTheNext()
    {
        _sample.WritePicture("photo.png");
        WriteText("photo.txt", "first caption");
        _sample.Index();
        WriteText("photo.txt", "second caption, longer");

        // The row of the text is up to date in the ledger before the picture is read again; the mark of the picture is what counts.
        SourceFile row = _sample.Source("photo.png");
        _sample.Opened.Sources.Save([row with { State = SourceState.Pending, Reason = "a file beside it changed; it is read again" }]);
        FileInfo file = new(_sample.PathOf("photo.txt"));
        _sample.Opened.Sources.Save([_sample.Source("photo.txt") with
        {
            SizeInBytes = file.Length,
            ModifiedAt = file.LastWriteTimeUtc,
            ChangedAt = null,
        }]);
        IndexReport report = _sample.Index();

        Assert.Equal(1, report.Indexed);
        Assert.Equal(["photo.png"], _sample.Search("second", SearchSide.Text));
    }

    [Fact]
    public void Index_SubtitlesChangedBesideAnUnchangedVideo_AreRead()
    {
        VideoFixture.Create(_sample.PathOf("film.mkv"), "-f", "lavfi", "-i", "testsrc=duration=2:size=64x48:rate=5");
        WriteText("film.en.srt", Said("boats"));
        _sample.Index();
        WriteText("film.en.srt", Said("lighthouses"));

        IndexReport report = _sample.Index();
        IndexReport again = _sample.Index();

        Assert.Equal((1, 0), (report.Indexed, again.Indexed));
        Assert.Equal(["film.mkv"], _sample.Search("lighthouses", SearchSide.Text));
        Assert.Equal("belongs to film.mkv", _sample.Source("film.en.srt").Reason);
    }

    [Fact]
    public void Index_SubtitleNamedAlone_BringsItsVideo()
    {
        VideoFixture.Create(_sample.PathOf("film.mkv"), "-f", "lavfi", "-i", "testsrc=duration=2:size=64x48:rate=5");
        _sample.Index();
        WriteText("film.srt", Said("anchors"));

        IndexReport report = _sample.Index(request => request with { Paths = [_sample.PathOf("film.srt")] });

        Assert.Equal((1, 1), (report.Indexed, report.Excluded));
        Assert.Equal(["film.mkv"], _sample.Search("anchors", SearchSide.Text));
    }

    [Fact]
    public void Index_NoteBesidePdf_IsItsDescriptionAndLongTextIsNot()
    {
        _sample.WritePdf("report.pdf", "tides");
        _sample.WritePdf("long.pdf", "winds");
        WriteText("report.txt", "for the harbour board");
        WriteText("long.txt", string.Concat(Enumerable.Repeat("a transcript. ", 1000)));

        _sample.Index();

        Assert.Equal("for the harbour board", _sample.Opened.Documents.Get("report.pdf")!.Metadata["description"].Value);
        Assert.Contains("long.txt#section=1", _sample.Keys());
        Assert.DoesNotContain("report.txt#section=1", _sample.Keys());
    }

    [Fact]
    public void Index_TextsInBothNamesAndInCapitals_AreAllRead()
    {
        _sample.WritePicture("house.png");
        _sample.WritePicture("boat.png");
        WriteText("house.png.txt", "a cottage");
        WriteText("house.txt", "by lake Mjosa");
        WriteText("boat.TXT", "a schooner");

        _sample.Index();

        Assert.Equal(["boat.png", "house.png"], _sample.Keys());
        Assert.Equal(["house.png"], _sample.Search("cottage", SearchSide.Text));
        Assert.Equal(["house.png"], _sample.Search("mjosa", SearchSide.Text));
        Assert.Equal(["boat.png"], _sample.Search("schooner", SearchSide.Text));
        Assert.Equal("a cottage by lake Mjosa", _sample.Opened.Documents.Get("house.png")!.Metadata["description"].Value);
    }

    [Fact]
    public void Index_LongestNoteBesidePdf_IsKeptWhole()
    {
        _sample.WritePdf("report.pdf", "tides");
        string note = string.Concat(Enumerable.Range(0, 409).Select(i => $"word {i:0000} "))[..4089] + " ending";
        WriteText("report.txt", note);

        _sample.Index();

        Assert.Equal(note, _sample.Opened.Documents.Get("report.pdf")!.Metadata["description"].Value);
    }

    [Fact]
    public void Index_TextBesideAnExcludedPicture_IsADocumentUntilThePictureIsRead()
    {
        _sample.WritePicture("photo.png");
        WriteText("photo.txt", "the caption");

        _sample.Index(request => request with { Exclude = ["*.png"] });
        IReadOnlyList<string> alone = _sample.Keys();
        _sample.Index();
        IReadOnlyList<string> together = _sample.Keys();
        IndexReport again = _sample.Index();

        Assert.Equal(["photo.txt#section=1"], alone);
        Assert.Equal(["photo.png"], together);
        Assert.Equal((0, 1), (again.Indexed, again.Unchanged));
        Assert.Equal(["photo.png"], _sample.Search("caption", SearchSide.Text));
    }

    [Fact]
    public void Index_TextBesideADamagedPicture_IsADocumentFromTheNextRunOn()
    {
        byte[] picture = File.ReadAllBytes(_sample.WritePicture("photo.png"));
        _sample.Write("photo.png", picture[..40]);
        WriteText("photo.txt", "the caption");

        _sample.Index();
        _sample.Index();

        Assert.Equal(SourceState.Failed, _sample.Source("photo.png").State);
        Assert.Equal(["photo.txt#section=1"], _sample.Search("caption", SearchSide.Text));
    }

    [Fact]
    public void Index_OwnerThatGoes_LeavesADocument()
    {
        string photo = _sample.WritePicture("photo.png");
        WriteText("photo.txt", "the caption");
        _sample.Index();
        File.Delete(photo);

        _sample.Index(request => request with { RemoveMissing = true });

        Assert.Equal(["photo.txt#section=1"], _sample.Keys());
    }

    [Theory]
    [InlineData("photo.xmp", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "entities")]
    [InlineData("photo.xmp", "no xml", "no XMP")]
    [InlineData("photo.txt", "\0\u0001\u0002\u0003\0\0\0\0\0\0\0\0\0\0\0\0", "binary")]
    public void Index_HostileFileBesidePicture_KeepsThePictureAndSaysSo(string name, string content, string reason)
    {
        _sample.WritePicture("photo.png");
        WriteText(name, content);

        IndexReport report = _sample.Index();

        Assert.Equal((1, 1), (report.Indexed, report.Partial.Count));
        Assert.Contains(reason, _sample.Source("photo.png").Reason, StringComparison.Ordinal);
        Assert.Equal(["photo.png"], _sample.Keys());
    }

    public void Dispose() => _sample.Dispose();

    private static string Said(string what) => $"1\n00:00:00,500 --> 00:00:01,500\nWe saw {what}.\n";

    private void WriteText(string name, string text) => _sample.Write(name, System.Text.Encoding.UTF8.GetBytes(text));
}
