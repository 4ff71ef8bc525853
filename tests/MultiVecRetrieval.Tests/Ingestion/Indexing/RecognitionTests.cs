using Microsoft.Data.Sqlite;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>Text of scans and of pictures with much text comes in a second pass, which is remembered until it is done.</summary>
public sealed class RecognitionTests : IDisposable
{
    private readonly SampleLibrary _sample = new(options => options with { RecognizeText = true });

    [Fact]
    public void Index_ScansOfPages_HaveTextAndMeaningBesideWhatIsSeen()
    {
        SkipWithoutTesseract();
        RgbImage first = SampleLibrary.RenderText("hydraulic pump pressure");
        RgbImage second = SampleLibrary.RenderText("the harbour master counts ships");
        WriteScans("scan.tif", first, second);

        IndexReport report = _sample.Index(request => request with { Models = ["words-only", "minilm"] });

        Assert.Equal((1, 2, 0), (report.Indexed, report.EntriesAdded, report.Partial.Count));
        Assert.Equal((SourceState.Indexed, null), (_sample.Source("scan.tif").State, _sample.Source("scan.tif").Reason));
        Assert.Equal(["scan.tif#page=2"], _sample.Search("counting", SearchSide.Text));
        SearchHit hit = _sample.Search(query => query with { Text = "boats are being tallied in the port" }).Hits[0];
        Assert.Equal("scan.tif#page=2", hit.Entry.Key);
        Assert.Contains(hit.Sources, source => source.Name == "vectors:minilm");
        Assert.True(_sample.Opened.Entries.GetVectors("scan.tif#page=1", "page-words")!.RowCount > 0);

        // The place of the word is that on the page.
        TextWord word = _sample.Opened.Entries.GetText("scan.tif#page=1")!.Words[0];
        Assert.InRange(word.Place.Left, 0.01f, 0.2f);
        Assert.InRange(word.Place.Right, 0.05f, 0.3f);
    }

    [Fact]
    public void Index_PagesThatAnEarlierRunLeft_AreRecognizedByTheNext()
    {
        SkipWithoutTesseract();
        WriteScans("scan.tif", SampleLibrary.RenderText("hydraulic pump pressure"), SampleLibrary.RenderText("counting ships"));
        _sample.Reopen(options => options with { RecognizeText = false });
        _sample.Index();
        IReadOnlyList<string> before = _sample.Search("hydraulic", SearchSide.Text);
        _sample.Opened.Sources.Save([_sample.Source("scan.tif") with { Reason = "2 pages wait for text recognition" }]);
        int waiting = _sample.Library.DescribeCollection(SampleLibrary.Collection).PagesAwaitingText;
        _sample.Reopen();

        IndexReport report = _sample.Index();

        Assert.Empty(before);
        Assert.Equal(2, waiting);
        Assert.Equal((0, 1, 0), (report.Indexed, report.Unchanged, report.Partial.Count));
        Assert.Equal(["scan.tif#page=1"], _sample.Search("hydraulic", SearchSide.Text));
        Assert.Null(_sample.Source("scan.tif").Reason);
        Assert.Equal(0, _sample.Library.DescribeCollection(SampleLibrary.Collection).PagesAwaitingText);
    }

    [Fact]
    public void Index_CancelledBeforeThePass_LeavesPagesWaiting()
    {
        SkipWithoutTesseract();
        WriteScans("scan.tif", SampleLibrary.RenderText("hydraulic pump pressure"), SampleLibrary.RenderText("counting ships"));
        _sample.Reopen(options => options with { RecognitionLanguages = ["eng"] });
        using CancellationTokenSource source = new();
        Progress waiter = new(_sample, source);

        Assert.Throws<IndexCanceledException>(() => _sample.Library.IndexAsync(
            new IndexRequest { Collection = SampleLibrary.Collection, Paths = [_sample.Sources], Models = ["words-only"] }, waiter, source.Token)
            .GetAwaiter().GetResult());

        Assert.Equal("2 pages wait for text recognition: 1-2", _sample.Source("scan.tif").Reason);
        Assert.Equal("scan.tif#page=1", _sample.Search("hydraulic", SearchSide.Vectors)[0]);
    }

    [Fact]
    public void Index_PageWithoutAnyText_IsLookedAtOnce()
    {
        using FakeTesseract tesseract = new(words: "");
        _sample.Reopen(tesseract.Use);
        WriteBlankPages("blank.pdf", count: 1);

        IndexReport report = _sample.Index();
        int looks = tesseract.PageCount;
        _sample.Index();

        Assert.Equal((1, 0), (report.Indexed, report.Partial.Count));
        Assert.Equal((1, 1), (looks, tesseract.PageCount));
        Assert.Null(_sample.Source("blank.pdf").Reason);
    }

    [Fact]
    public void Index_SomePagesWait_LooksAtThemAndStoresThemAlone()
    {
        using FakeTesseract tesseract = new(words: "harbour");
        _sample.Reopen(options => options with { RecognizeText = false });
        WriteBlankPages("blank.pdf", count: 4);
        _sample.Index();
        _sample.Opened.Sources.Save([_sample.Source("blank.pdf") with { Reason = RecognitionState.Describe("1 of 5 pages failed", [1, 3]) }]);
        long[] before = ReadEntryIds();
        _sample.Reopen(tesseract.Use);

        _sample.Index();

        Assert.Equal(2, tesseract.PageCount);
        Assert.Equal(["blank.pdf#page=1", "blank.pdf#page=3"], _sample.Search("harbour", SearchSide.Text).Order(StringComparer.Ordinal));
        Assert.Equal("1 of 5 pages failed", _sample.Source("blank.pdf").Reason);
        Assert.Equal(Enumerable.Range(1, 4).Select(page => $"blank.pdf#page={page}"),
            _sample.Opened.Entries.List("blank.pdf").Select(entry => entry.Key));
        long[] after = ReadEntryIds();
        Assert.Equal((before[1], before[3]), (after[1], after[3]));
        Assert.Empty(before.Intersect([after[0], after[2]]));
    }

    [Fact]
    public async Task Index_MoreThanAStep_CountsEachPageOnceAsEntry()
    {
        using FakeTesseract tesseract = new(words: "harbour");
        _sample.Reopen(tesseract.Use);
        WriteBlankPages("blank.pdf", count: 40);
        List<IndexProgress> told = [];

        IndexReport report = await _sample.Library.IndexAsync(
            new IndexRequest { Collection = SampleLibrary.Collection, Paths = [_sample.Sources], Models = ["words-only"] },
            new Listener(told), TestContext.Current.CancellationToken);

        Assert.Equal((40, 40, 40, 40), (report.EntriesAdded, told[^1].EntriesDone, told[^1].PagesRecognized, told[^1].PagesToRecognize));
        Assert.Equal(40, told[^1].EntriesTotal);
        Assert.Equal(40, tesseract.PageCount);
        Assert.All(_sample.Keys(), key => Assert.Equal("harbour", _sample.Opened.Entries.GetText(key)?.Text.Trim()));
        Assert.Empty(_sample.Opened.Upkeep.Verify(TestContext.Current.CancellationToken).Problems);
    }

    [Fact]
    public void Index_TesseractFails_KeepsThePagesAndSaysWhyOnce()
    {
        using FakeTesseract tesseract = new(words: null);
        _sample.Reopen(tesseract.Use);
        WriteScans("scan.tif", SampleLibrary.RenderText("hydraulic pump"), SampleLibrary.RenderText("counting ships"));

        FailedFile problem = Assert.Single(_sample.Index().Partial);

        Assert.StartsWith("the words of 2 of 2 pages could not be recognised: page 1: ", problem.Reason, StringComparison.Ordinal);
        Assert.Contains("out of letters", problem.Reason, StringComparison.Ordinal);
        Assert.Equal(problem.Reason, _sample.Source("scan.tif").Reason);
        Assert.Equal("scan.tif#page=1", _sample.Search("hydraulic", SearchSide.Vectors)[0]);
        Assert.Equal(2, tesseract.PageCount);
    }

    [Fact]
    public void Index_TesseractHangs_IsEndedAndNamesTheSetting()
    {
        using FakeTesseract tesseract = new(words: null, hangs: true);
        _sample.Reopen(options => tesseract.Use(options) with { Limits = new MediaLimits { PageTimeout = TimeSpan.FromSeconds(3) } });
        _sample.Write("screen.png", SampleLibrary.Png(Screenshot()));

        FailedFile problem = Assert.Single(_sample.Index().Partial);

        Assert.Equal("media:pageTimeout", problem.Setting);
        Assert.Equal("media:pageTimeout", _sample.Source("screen.png").Setting);
        Assert.Equal(["screen.png"], _sample.Keys());
    }

    [Fact]
    public void Index_SpaceAddedWhileRecognitionIsOff_HasTheMeaningOfWhatWasRecognized()
    {
        using FakeTesseract tesseract = new(words: "harbour master counts ships");
        _sample.Reopen(tesseract.Use);
        WriteBlankPages("blank.pdf", count: 2);
        _sample.Write("screen.png", SampleLibrary.Png(Screenshot()));
        WriteScans("scan.tif", SampleLibrary.RenderText("hydraulic pump"), SampleLibrary.RenderText("counting ships"));
        _sample.Index();
        _sample.Reopen(options => options with { RecognizeText = false });

        IndexReport report = _sample.Index(request => request with { Models = ["words-only", "minilm"] });

        Assert.Empty(report.Partial);
        Assert.Equal(5, _sample.Keys().Count);
        Assert.All(_sample.Keys(), key => Assert.True(_sample.Opened.Entries.GetVectors(key, "minilm")?.RowCount > 0, key));
        Assert.All(_sample.Keys(), key => Assert.NotEmpty(_sample.Opened.Entries.GetText(key)!.Words));
    }

    [Fact]
    public void Index_SwitchedOff_RecognizesNothingAndNothingWaits()
    {
        _sample.Reopen(options => options with { RecognizeText = false });
        WriteScans("scan.tif", SampleLibrary.RenderText("hydraulic pump"), SampleLibrary.RenderText("counting ships"));

        _sample.Index();

        Assert.Empty(_sample.Search("hydraulic", SearchSide.Text));
        Assert.Null(_sample.Source("scan.tif").Reason);
    }

    [Fact]
    public void Index_PictureWithMuchText_IsRecognizedAndPhotographIsNot()
    {
        SkipWithoutTesseract();
        RgbImage screenshot = Screenshot();
        _sample.Write("screen.png", SampleLibrary.Png(screenshot));
        _sample.Write("photo.png", SampleLibrary.Png(SampleLibrary.Blocks(640, 480, seed: 3)));

        _sample.Index();

        Assert.True(TextLikelihood.IsLikely(screenshot));
        Assert.False(TextLikelihood.IsLikely(SampleLibrary.Blocks(640, 480, seed: 3)));
        Assert.Equal(["screen.png"], _sample.Search("harbour", SearchSide.Text));
    }

    [Fact]
    public void Index_LanguageThatIsNotInstalled_NamesTheSettingAndKeepsThePage()
    {
        SkipWithoutTesseract();
        _sample.Reopen(options => options with { RecognitionLanguages = ["xyz"] });
        WriteScans("scan.tif", SampleLibrary.RenderText("hydraulic pump"), SampleLibrary.RenderText("counting ships"));

        FailedFile problem = Assert.Single(_sample.Index().Partial);

        Assert.Equal("recognitionLanguages", problem.Setting);
        Assert.Contains("tesseract-ocr-xyz", problem.Reason, StringComparison.Ordinal);
        Assert.Equal(2, _sample.Keys().Count);
    }

    [Theory]
    [InlineData("Latin", "eng+deu+fra")]
    [InlineData("Cyrillic", "rus+ukr")]
    [InlineData("Han", "chi_sim+jpn")]
    [InlineData("Thai", "deu+eng+fra")]
    public void Choose_Script_TakesInstalledLanguagesOfIt(string script, string expected) =>
        Assert.Equal(expected, Recognizer.Choose(["deu", "eng", "fra", "ita", "jpn", "chi_sim", "rus", "ukr"], script));

    [Theory]
    [InlineData(null, new int[0], null)]
    [InlineData(null, new[] { 1 }, "1 page waits for text recognition: 1")]
    [InlineData("2 of 9 pages failed: 3: x", new[] { 9, 4, 5, 6, 1 },
        "2 of 9 pages failed: 3: x; 5 pages wait for text recognition: 1, 4-6, 9")]
    public void State_DescribedAndRead_IsTheSame(string? problems, int[] waiting, string? expected)
    {
        string? reason = RecognitionState.Describe(problems, waiting);

        Assert.Equal(expected, reason);
        Assert.Equal((problems, waiting.Length), (WaitState.ProblemsOf(reason), RecognitionState.CountWaiting(reason)));
        Assert.Equal(waiting.Order(), Enumerable.Range(1, 20).Where(page => RecognitionState.IsWaiting(reason, page)));
    }

    [Fact]
    public void State_WithoutPages_MeansAnyOfThem()
    {
        const string Reason = "x; 2 pages wait for text recognition";

        Assert.Equal(("x", 2), (WaitState.ProblemsOf(Reason), RecognitionState.CountWaiting(Reason)));
        Assert.True(RecognitionState.IsWaiting(Reason, 7));
    }

    public void Dispose() => _sample.Dispose();

    private static void SkipWithoutTesseract() => Assert.SkipUnless(new Recognizer(new MediaLimits(), []).IsInstalled, "tesseract is not installed");

    // A window of lines of text on one ground.
    private static RgbImage Screenshot()
    {
        using TemporaryFolder folder = new();
        string content = string.Concat(Enumerable.Range(0, 12).Select(i => PdfSource.Text("the harbour master counts ships in line " + i, 30, 30 + (i * 22), size: 12)));
        return new PdfReader(new MediaLimits()).RenderPage(
            folder.Write("screen.pdf", PdfSource.Document((content, "/MediaBox[0 0 420 300]"))), page: 1, longSide: 1200);
    }

    // Pages of one size, one below the other, as libvips writes them.
    private void WriteScans(string name, RgbImage first, RgbImage second)
    {
        Assert.Equal((first.Width, first.Height), (second.Width, second.Height));
        RgbImage both = new(first.Width, first.Height * 2, [.. first.Pixels, .. second.Pixels]);
        _sample.Write(name, PictureSource.Save(both, "tiffsave_buffer", ("page-height", $"{first.Height}")));
    }

    // By page; an entry that is stored anew has another id.
    private long[] ReadEntryIds()
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(_sample.Opened.Folder, "catalog.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM entries ORDER BY ordinal";
        using SqliteDataReader reader = command.ExecuteReader();
        List<long> ids = [];
        while (reader.Read())
        {
            ids.Add(reader.GetInt64(0));
        }

        return [.. ids];
    }

    // Pages without a text layer and without anything to see.
    private void WriteBlankPages(string name, int count) => _sample.Write(
        name, PdfSource.Document([.. Enumerable.Repeat(("", "/MediaBox[0 0 842 48]"), count)]));

    private sealed class Listener(List<IndexProgress> told) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value) => told.Add(value);
    }

    // Cancels once both pages are stored, which is before or while the first is recognised.
    private sealed class Progress(SampleLibrary sample, CancellationTokenSource source) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value)
        {
            if (value.EntriesDone >= 2 && sample.Library.CollectionExists(SampleLibrary.Collection)
                && sample.Opened.Sources.Get(sample.Sources, "scan.tif") is { State: SourceState.Indexed })
            {
                source.Cancel();
            }
        }
    }
}
