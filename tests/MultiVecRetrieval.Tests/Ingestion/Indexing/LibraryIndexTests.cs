using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

public sealed class LibraryIndexTests : IDisposable
{
    private readonly SampleLibrary _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Index_MixedFolder_EveryFileIsAccountedFor()
    {
        _sample.WritePdf("docs/report.pdf", "quarterly revenue", "mountain weather");
        _sample.WriteTextPicture("sign.png", "station exit");
        _sample.WritePicture("no-extension");
        _sample.Write("notes.py", "just text"u8.ToArray());
        _sample.Write("broken.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]);
        _sample.Write("empty.jpg", []);
        _sample.Write(".cache/x.png", [1]);

        IndexReport report = _sample.Index();

        Assert.Equal((7, 3, 0, 2), (report.Seen, report.Indexed, report.Unchanged, report.Excluded));
        Assert.Equal([_sample.PathOf("broken.png"), _sample.PathOf("empty.jpg")], report.Failed.Select(file => file.Path));
        Assert.Equal((4, 0), (report.EntriesAdded, report.Pending));
        Assert.Equal(["docs/report.pdf#page=1", "docs/report.pdf#page=2", "no-extension", "sign.png"], _sample.Keys());
        Assert.Equal((SourceState.Excluded, "unsupported type (application/octet-stream)"),
            (_sample.Source("notes.py").State, _sample.Source("notes.py").Reason));
        Assert.Equal("empty file", _sample.Source("empty.jpg").Reason);
        Assert.Equal("hidden folder", _sample.Source(".cache/").Reason);
        Assert.Equal(SourceState.Failed, _sample.Source("broken.png").State);
        _sample.AssertComplete();

        Entry page = _sample.Opened.Entries.Get("docs/report.pdf#page=2")!;
        Assert.Equal((MediaType.Page, 2, 842, 48), (page.MediaType, page.Page, page.Width, page.Height));
        Document document = _sample.Opened.Documents.Get("docs/report.pdf")!;
        Assert.Equal(("application/pdf", 2, _sample.PathOf("docs/report.pdf")),
            (document.ContentType, document.EntryCount, document.SourcePath));
        Assert.Equal(["mountain", "weather"],
            _sample.Opened.Entries.GetText("docs/report.pdf#page=2")!.Words
                .Select(word => "mountain weather".Substring(word.Offset, word.Length)));
        Assert.True(_sample.Opened.Entries.GetVectors("docs/report.pdf#page=2", "page-words")!.RowCount >= 2);
        Assert.Single(_sample.Opened.Entries.GetFingerprints("sign.png"));
        // Blank in every frequency that is compared.
        Assert.Empty(_sample.Opened.Entries.GetFingerprints("no-extension"));
    }

    [Fact]
    public void Index_Again_NothingIsReadTwice()
    {
        _sample.WritePdf("a.pdf", "alpha");
        _sample.WritePicture("b.png");
        _sample.Index();
        DateTimeOffset indexed = _sample.Opened.Documents.Get("a.pdf")!.IndexedAt;
        File.SetLastWriteTimeUtc(_sample.PathOf("b.png"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        _sample.Reopen();

        IndexReport report = _sample.Index();

        Assert.Equal((2, 0, 2, 0), (report.Seen, report.Indexed, report.Unchanged, report.EntriesAdded));
        Assert.Equal(indexed, _sample.Opened.Documents.Get("a.pdf")!.IndexedAt);
        // Another time with the same content is noted, so that the next run need not read it either.
        Assert.Equal(2020, _sample.Source("b.png").ModifiedAt.Year);
        Assert.Equal(SourceState.Indexed, _sample.Source("b.png").State);
    }

    [Fact]
    public void Index_ChangedFile_IsReplaced()
    {
        _sample.WritePdf("a.pdf", "harbour", "lighthouse");
        _sample.Index();
        _sample.WritePdf("a.pdf", "glacier");

        IndexReport report = _sample.Index();

        Assert.Equal((1, 1, 1), (report.Indexed, report.EntriesAdded, report.Seen));
        Assert.Equal(["a.pdf#page=1"], _sample.Keys());
        Assert.Empty(_sample.Search("lighthouse", SearchSide.Text));
        Assert.Equal(["a.pdf#page=1"], _sample.Search("glacier", SearchSide.Text));
    }

    [Fact]
    public void Index_RenamedFile_KeepsItsVectorsWithoutEncoding()
    {
        _sample.WritePdf("old/a.pdf", "harbour", "lighthouse");
        _sample.Index(request => request with { Metadata = new Dictionary<string, MetadataValue> { ["shelf"] = "north" } });
        MultiVector before = _sample.Opened.Entries.GetVectors("old/a.pdf#page=2", "page-words")!;
        Directory.CreateDirectory(_sample.PathOf("new"));
        File.Move(_sample.PathOf("old/a.pdf"), _sample.PathOf("new/b.pdf"));

        IndexReport report = _sample.Index();

        Assert.Equal((1, 1, 0, 0, 0), (report.Seen, report.Renamed, report.Indexed, report.Missing, report.EntriesAdded));
        Assert.Equal(["new/b.pdf#page=1", "new/b.pdf#page=2"], _sample.Keys());
        Assert.Equal(before.Values.ToArray(), _sample.Opened.Entries.GetVectors("new/b.pdf#page=2", "page-words")!.Values.ToArray());
        Assert.Equal(before.Places.ToArray(), _sample.Opened.Entries.GetVectors("new/b.pdf#page=2", "page-words")!.Places.ToArray());
        Assert.Equal("north", _sample.Opened.Documents.Get("new/b.pdf")!.Metadata["shelf"].Value);
        Assert.Null(_sample.Opened.Documents.Get("old/a.pdf"));
        Assert.Equal(["new/b.pdf"], _sample.Opened.Sources.List().Select(source => source.Path));
        Assert.Equal(["new/b.pdf#page=2"], _sample.Search("lighthouse", SearchSide.Text));
    }

    [Fact]
    public void Index_SameContentTwice_IsTwoDocuments()
    {
        _sample.WritePdf("a.pdf", "harbour");
        _sample.Index();
        File.Copy(_sample.PathOf("a.pdf"), _sample.PathOf("b.pdf"));

        IndexReport report = _sample.Index();

        Assert.Equal((1, 1, 0), (report.Indexed, report.Unchanged, report.Renamed));
        Assert.Equal(["a.pdf#page=1", "b.pdf#page=1"], _sample.Search("harbour", SearchSide.Vectors));
    }

    [Fact]
    public void Index_VanishedFile_IsReportedThenRemovedOnRequest()
    {
        _sample.WritePdf("a.pdf", "harbour");
        _sample.WritePdf("b.pdf", "glacier");
        _sample.Index();
        File.Delete(_sample.PathOf("a.pdf"));

        IndexReport kept = _sample.Index();

        Assert.Equal((1, 1, 0), (kept.Seen, kept.Missing, kept.Removed));
        Assert.True(_sample.Source("a.pdf").IsMissing);
        Assert.Equal(2, _sample.Keys().Count);
        _sample.AssertComplete();

        IndexReport removed = _sample.Index(request => request with { RemoveMissing = true });

        Assert.Equal((0, 1), (removed.Missing, removed.Removed));
        Assert.Equal(["b.pdf#page=1"], _sample.Keys());
        Assert.Equal(["b.pdf"], _sample.Opened.Sources.List().Select(source => source.Path));
    }

    [Fact]
    public void Index_VanishedFileThatComesBack_IsNoLongerMissing()
    {
        string path = _sample.WritePdf("a.pdf", "harbour");
        _sample.WritePicture("b.png");
        _sample.Index();
        File.Move(path, path + ".away");
        _sample.Index(request => request with { Exclude = ["*.away"] });
        File.Move(path + ".away", path);

        IndexReport report = _sample.Index();

        Assert.Equal((2, 0), (report.Unchanged, report.Missing));
        Assert.False(_sample.Source("a.pdf").IsMissing);
    }

    [Fact]
    public void Index_OverALimit_FailsWithTheSettingAndIsTakenOnceTheLimitIsRaised()
    {
        _sample.WritePdf("long.pdf", "one", "two", "three");
        _sample.Reopen(options => options with { Limits = options.Limits with { MaxPages = 2 } });

        IndexReport refused = _sample.Index();

        Assert.Equal("media:maxPages", Assert.Single(refused.Failed).Setting);
        Assert.Equal("media:maxPages", _sample.Source("long.pdf").Setting);

        _sample.Reopen();
        IndexReport taken = _sample.Index();

        Assert.Equal((1, 3), (taken.Indexed, taken.EntriesAdded));
        Assert.Empty(taken.Failed);
    }

    [Fact]
    public async Task Index_CorruptFile_IsNotReadAgainUntilRetry()
    {
        string path = _sample.Write("a.png", [.. SampleLibrary.Png(SampleLibrary.RenderText("harbour"))[..200]]);
        _sample.Index();

        IndexReport again = _sample.Index();

        Assert.Equal(path, Assert.Single(again.Failed).Path);
        IndexReport retried = await _sample.Library.RetryAsync(SampleLibrary.Collection);
        Assert.Equal((1, 1), (retried.Seen, retried.Failed.Count));
        _sample.AssertComplete();
    }

    [Fact]
    public void Index_FileThatBecomesCorrupt_FailsAndKeepsWhatWasStored()
    {
        _sample.WritePdf("a.pdf", "harbour");
        _sample.Index();
        _sample.Write("a.pdf", "%PDF-1.4 nothing"u8.ToArray());

        IndexReport report = _sample.Index();

        Assert.Single(report.Failed);
        Assert.Equal(["a.pdf#page=1"], _sample.Keys());
        _sample.AssertComplete();
    }

    [Fact]
    public void Index_ExcludedAfterwards_LeavesTheCollection()
    {
        _sample.WritePdf("a.pdf", "harbour");
        _sample.WritePdf("drafts/b.pdf", "glacier");
        _sample.Index();

        IndexReport report = _sample.Index(request => request with { Exclude = ["drafts"] });

        Assert.Equal(["a.pdf#page=1"], _sample.Keys());
        Assert.Equal(1, report.Unchanged);
        Assert.Equal(SourceState.Excluded, _sample.Source("drafts/b.pdf").State);
        _sample.AssertComplete();
    }

    [Fact]
    public void Index_WholeRootMoved_KeepsKeysAndVectors()
    {
        _sample.WritePdf("one/a.pdf", "harbour");
        _sample.Index(request => request with { Paths = [_sample.PathOf("one")] });
        Directory.Move(_sample.PathOf("one"), _sample.PathOf("moved"));

        IndexReport report = _sample.Index(request => request with { Paths = [_sample.PathOf("moved")] });

        Assert.Equal((1, 0), (report.Renamed, report.Indexed));
        Assert.Equal(_sample.PathOf("moved/a.pdf"), _sample.Opened.Documents.Get("a.pdf")!.SourcePath);
        Assert.Equal(["a.pdf#page=1"], _sample.Search("harbour", SearchSide.Vectors));
        _sample.AssertComplete();
    }

    [Fact]
    public void Index_FolderOfAnIndexedRoot_KeepsItsKeys()
    {
        _sample.WritePdf("inner/a.pdf", "harbour");
        _sample.Index();

        IndexReport report = _sample.Index(request => request with { Paths = [_sample.PathOf("inner")] });

        Assert.Equal((1, 0), (report.Unchanged, report.Indexed));
        Assert.Equal(["inner/a.pdf#page=1"], _sample.Keys());
    }

    [Fact]
    public void Index_SingleFile_TakesItsFolderAsRoot()
    {
        string path = _sample.WritePdf("inner/a.pdf", "harbour");
        _sample.WritePdf("inner/b.pdf", "glacier");

        IndexReport report = _sample.Index(request => request with { Paths = [path] });

        Assert.Equal(1, report.Seen);
        Assert.Equal(["a.pdf#page=1"], _sample.Keys());
    }

    [Fact]
    public void Index_PathThatIsNotThere_ThrowsAndCreatesNothing()
    {
        Assert.Throws<FileNotFoundException>(() => _sample.Index(request => request with { Paths = [_sample.PathOf("nothing")] }));

        Assert.False(_sample.Library.CollectionExists(SampleLibrary.Collection));
    }

    [Fact]
    public void Index_NoPaths_LooksAtEveryRootAgain()
    {
        _sample.WritePicture("one/a.png");
        _sample.WritePicture("two/b.png", width: 80);
        _sample.Index(request => request with { Paths = [_sample.PathOf("one"), _sample.PathOf("two")] });
        _sample.WritePicture("two/c.png", width: 90);

        IndexReport report = _sample.Index(request => request with { Paths = [] });

        Assert.Equal((3, 1, 2), (report.Seen, report.Indexed, report.Unchanged));
    }

    [Fact]
    public void Index_FileStillBeingWritten_WaitsUntilItIsQuiet()
    {
        byte[] pdf = SampleLibrary.Pdf("harbour");
        string path = _sample.Write("a.pdf", pdf[..100]);
        SteppingClock clock = new(onFirstWait: () => File.WriteAllBytes(path, pdf));
        _sample.Reopen(options => options with { QuietPeriod = TimeSpan.FromHours(1), Clock = clock });

        IndexReport report = _sample.Index();

        Assert.Equal((1, 0), (report.Indexed, report.Failed.Count));
        Assert.NotEqual(0, clock.Waits);
        Assert.Equal(["a.pdf#page=1"], _sample.Search("harbour", SearchSide.Text));
    }

    [Fact]
    public async Task HandedOutCollectionAndEncoder_Disposed_AreStillOpen()
    {
        _sample.WritePdf("a.pdf", "harbour");
        _sample.Index(cancellationToken: TestContext.Current.CancellationToken);
        _sample.Library.GetEncoder(_sample.Opened.Spaces[0]).Dispose();
        _sample.Opened.Dispose();

        SearchResult result = await _sample.Library.SearchAsync(
            new LibraryQuery { Collection = SampleLibrary.Collection, Text = "harbour", Using = SearchSide.Vectors },
            TestContext.Current.CancellationToken);

        Assert.Single(result.Hits);
        Assert.True(_sample.Opened.IsWritable);
    }

    [Fact]
    public void Index_ManyPages_StreamsAndKeepsTheirOrder()
    {
        string[] words = [.. Enumerable.Range(1, 66).Select(page => $"word{page}x")];
        _sample.WritePdf("long.pdf", words);
        _sample.WritePdf("short.pdf", "harbour");

        IndexReport report = _sample.Index();

        Assert.Equal((2, 67), (report.Indexed, report.EntriesAdded));
        for (int page = 1; page <= words.Length; page += 13)
        {
            Assert.Equal(words[page - 1], _sample.Opened.Entries.GetText($"long.pdf#page={page}")!.Text.Trim());
        }
    }

    [Fact]
    public void Index_OneThreadOrFour_GivesTheSameVectors()
    {
        _sample.WritePdf("a.pdf", "harbour glacier", "lighthouse", "station exit");
        _sample.WriteTextPicture("b.png", "quarterly revenue");
        float[][] vectors = [.. new[] { 1, 4 }.Select(threads =>
        {
            _sample.Reopen(options => options with { Threads = threads, DataFolder = Path.Combine(options.DataFolder, $"{threads}") });
            _sample.Index();
            return _sample.Keys().SelectMany(key => _sample.Opened.Entries.GetVectors(key, "page-words")!.Values.ToArray()).ToArray();
        })];

        Assert.Equal(vectors[0], vectors[1]);
    }
}
