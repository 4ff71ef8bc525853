using System.Diagnostics;
using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Indexing;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Encoding.Models;
using MultiVecRetrieval.Tests.Ingestion.Texts;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>Office documents are found by their text at once, and become pages when LibreOffice has drawn them.</summary>
public sealed class OfficePagesTests : IDisposable
{
    private const string FirstLine = "the harbour master counts ships";
    private const string SecondLine = "vessels wait for high water";

    private readonly SampleLibrary _sample = new();

    // The rows of a space that is kept belong to the sections, and would go with them.
    [Fact]
    public async Task Index_WhileASpaceIsKept_WaitsAndSaysWhy()
    {
        using FakeOffice office = FakeOffice.Of(FirstLine, SecondLine);
        using PlantedEncoder model = PlantedEncoder.CreateSplit();
        _sample.Reopen(office.Use);
        _sample.WritePicture("a.png");
        _sample.Index(request => request with { Models = ["words-only", "minilm"] });
        await _sample.Library.ReplaceModelAsync(
            new ReplaceModelRequest
            {
                Collection = SampleLibrary.Collection,
                Space = "page-words",
                Model = model.Folder,
                AllowMissing = true,
            },
            cancellationToken: TestContext.Current.CancellationToken);
        WriteLetter();

        string notice = Assert.Single(_sample.Index().Notices);

        Assert.Equal("The pages of 1 office document were not drawn: that would cost their rows in page-words, which nothing fills now. "
            + "A run without such a space draws them.", notice);
        Assert.Equal(["a.png", "letter.docx#section=1"], _sample.Keys());
        await _sample.Library.RemoveSpaceAsync(SampleLibrary.Collection, "page-words", TestContext.Current.CancellationToken);
        Assert.Empty(_sample.Index().Notices);
        Assert.Equal(["a.png", "letter.docx#page=1", "letter.docx#page=2"], _sample.Keys());
    }

    [Fact]
    public void Index_Document_BecomesPagesInPlaceOfItsSections()
    {
        using FakeOffice office = FakeOffice.Of(FirstLine, SecondLine);
        _sample.Reopen(office.Use);
        WriteLetter();

        IndexReport report = _sample.Index(request => request with { Models = ["words-only", "minilm"] });
        IndexReport again = _sample.Index();

        Assert.Equal((1, 2, 0, 0), (report.Indexed, report.EntriesAdded, report.Partial.Count, report.Notices.Count));
        Assert.Equal((0, 1, 1), (again.Indexed, again.Unchanged, office.RunCount));
        Assert.Equal(["letter.docx#page=1", "letter.docx#page=2"], _sample.Keys());
        Assert.Equal((SourceState.Indexed, null), (_sample.Source("letter.docx").State, _sample.Source("letter.docx").Reason));
        Document document = _sample.Opened.Documents.Get("letter.docx")!;
        Assert.Equal((MediaType.Page, MediaSniffer.GetContentType(MediaFormat.Word)), (document.MediaType, document.ContentType));

        // Found by sight, by words and by meaning, each on its page.
        Assert.Equal("letter.docx#page=1", _sample.Search("harbour", SearchSide.Vectors)[0]);
        Assert.Equal(["letter.docx#page=2"], _sample.Search("vessels", SearchSide.Text));
        SearchHit hit = _sample.Search(query => query with { Text = "boats are being tallied in the port" }).Hits[0];
        Assert.Equal("letter.docx#page=1", hit.Entry.Key);
        Assert.Contains(hit.Sources, source => source.Name == "vectors:minilm");
        _sample.AssertComplete();
        Assert.Empty(_sample.Opened.Upkeep.Verify(TestContext.Current.CancellationToken).Problems);
    }

    [Fact]
    public async Task GetPicture_OfAPage_IsDrawnFromWhatWasKeptAndElseConvertedAnew()
    {
        using FakeOffice office = FakeOffice.Of(FirstLine, SecondLine);
        _sample.Reopen(office.Use);
        WriteLetter();
        _sample.Index();
        string cache = Path.Combine(_sample.Opened.Folder, "cache");
        string kept = Assert.Single(Directory.GetFiles(cache, "*.pdf"));

        byte[] first = await DrawAsync("letter.docx#page=1", 600);
        int runs = office.RunCount;
        File.Delete(kept);
        byte[] second = await DrawAsync("letter.docx#page=2", 600);

        Assert.Equal((1, 2), (runs, office.RunCount));
        Assert.True(File.Exists(kept));
        Assert.NotEqual(first, second);
        RgbImage picture = new ImageDecoder(new MediaLimits()).Decode(first);
        Assert.Equal(600, picture.Width);
        Assert.Contains(picture.Pixels.ToArray(), value => value < 64);

        // Nothing may be kept: each picture takes a conversion, and leaves nothing behind.
        _sample.Reopen(options => office.Use(options) with { PictureCacheBytes = 0 });
        Directory.Delete(cache, recursive: true);
        await DrawAsync("letter.docx#page=1", 300);
        await DrawAsync("letter.docx#page=2", 300);
        Assert.Equal(4, office.RunCount);
        Assert.False(Directory.Exists(cache));
    }

    [Theory]
    [InlineData(FakeOffice.Fails, "out of ink", null)]
    [InlineData(FakeOffice.IsKilled, "signal 9", null)]
    [InlineData(FakeOffice.WritesNothing, "cannot open the document", null)]
    [InlineData(FakeOffice.Hangs, "did not finish within 2 s", "media:officeTimeout")]
    [InlineData("echo no pages > \"$out/document.pdf\"", "PDF", null)]
    public async Task Index_LibreOfficeFails_KeepsTheTextAndSaysWhy(string behaviour, string reason, string? setting)
    {
        using FakeOffice office = new(behaviour);
        _sample.Reopen(options => office.Use(options) with { Limits = new MediaLimits { OfficeTimeout = TimeSpan.FromSeconds(2) } });
        WriteLetter();

        IndexReport report = _sample.Index();
        _sample.Index();

        FailedFile problem = Assert.Single(report.Partial);
        Assert.StartsWith("its pages could not be drawn: ", problem.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        Assert.Equal((SourceState.Indexed, problem.Reason, setting), StateOf("letter.docx"));
        Assert.Equal((1, 0, 1), (report.Indexed, report.Failed.Count, office.RunCount));
        Assert.Equal(["letter.docx#section=1"], _sample.Search("harbour", SearchSide.Text));

        // Until it is tried again.
        using FakeOffice mended = FakeOffice.Of(FirstLine, SecondLine);
        _sample.Reopen(mended.Use);
        IndexReport retried = await _sample.Library.RetryAsync(
            SampleLibrary.Collection, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(retried.Partial);
        Assert.Equal(["letter.docx#page=1", "letter.docx#page=2"], _sample.Keys());
    }

    [Fact]
    public void Index_PagesShowNextToNothing_KeepsTheText()
    {
        using FakeOffice office = FakeOffice.Of("", "");
        _sample.Reopen(office.Use);
        WriteLetter();

        FailedFile problem = Assert.Single(_sample.Index().Partial);

        Assert.Contains("they show 0 letters of the", problem.Reason, StringComparison.Ordinal);
        Assert.Equal(["letter.docx#section=1"], _sample.Search("harbour", SearchSide.Text));
    }

    [Fact]
    public void Index_SlidesThatBecomeOtherThanThemselves_KeepTheirText()
    {
        using FakeOffice office = FakeOffice.Of(FirstLine);
        _sample.Reopen(office.Use);
        _sample.Write("talk.pptx", OfficeSource.Slides((OfficeSource.Shape(FirstLine), null), (OfficeSource.Shape(SecondLine), null)).Write());

        FailedFile problem = Assert.Single(_sample.Index().Partial);

        Assert.Contains("2 slides became 1 pages", problem.Reason, StringComparison.Ordinal);
        Assert.Equal(["talk.pptx#slide=1", "talk.pptx#slide=2"], _sample.Keys());
    }

    [Fact]
    public void Index_Slides_KeepTheirKeysAndTheNotesThatNoPageShows()
    {
        using FakeOffice office = FakeOffice.Of(FirstLine, "");
        _sample.Reopen(office.Use);
        _sample.Write("talk.pptx", OfficeSource.Slides(
            (OfficeSource.Shape("The harbour master") + OfficeSource.Shape("counts ships"), "Ask the pilots about the tide"),
            (OfficeSource.Shape(SecondLine), null)).Write());

        _sample.Index(request => request with { Models = ["words-only", "minilm"] });

        Assert.Equal(["talk.pptx#slide=1", "talk.pptx#slide=2"], _sample.Keys());
        Assert.All(_sample.Keys(), key => Assert.Equal(MediaType.Page, _sample.Opened.Entries.Get(key)!.MediaType));
        TextLayer first = _sample.Opened.Entries.GetText("talk.pptx#slide=1")!;
        Assert.Equal($"{FirstLine}\n\nAsk the pilots about the tide", first.Text.Replace("\n\n\n", "\n\n", StringComparison.Ordinal));
        Assert.Equal((5, 6), (first.Words.Count(word => word.Place != Place.Whole), first.Words.Count(word => word.Place == Place.Whole)));
        Assert.Equal(["talk.pptx#slide=1"], _sample.Search("pilots", SearchSide.Text));
        // A page that is all picture has the text of its slide.
        Assert.Equal(["talk.pptx#slide=2"], _sample.Search("vessels", SearchSide.Text));
        Assert.Equal(2, _sample.Opened.Entries.GetVectors("talk.pptx#slide=1", "minilm")!.RowCount);
    }

    [Fact]
    public void Index_Sheets_StayTexts()
    {
        using FakeOffice office = FakeOffice.Of(FirstLine);
        _sample.Reopen(office.Use);
        _sample.Write("book.xlsx", OfficeSource.Sheets(("Berths", "<row><c t=\"s\"><v>0</v></c></row>")).Write());
        _sample.Write("notes.md", "# Berths\n\nnone"u8.ToArray());

        _sample.Index();

        Assert.Equal((0, "book.xlsx#sheet=1 notes.md#section=1"), (office.RunCount, string.Join(' ', _sample.Keys())));
        Assert.Null(_sample.Source("book.xlsx").Reason);
    }

    [Fact]
    public void Index_CancelledWhilePagesAreDrawn_KeepsTheTextAndTheNextRunGoesOn()
    {
        using FakeOffice hanging = new(FakeOffice.Hangs);
        _sample.Reopen(hanging.Use);
        WriteLetter();
        using CancellationTokenSource source = new();
        Canceller canceller = new(hanging, source);

        IndexCanceledException cancelled = Assert.Throws<IndexCanceledException>(() => _sample.Library.IndexAsync(
            new IndexRequest { Collection = SampleLibrary.Collection, Paths = [_sample.Sources], Models = ["words-only"] }, canceller, source.Token)
            .GetAwaiter().GetResult());

        Assert.Equal((1, 0), (cancelled.Report.Indexed, cancelled.Report.Partial.Count));
        Assert.Equal((SourceState.Indexed, WaitState.Pages, null), StateOf("letter.docx"));
        Assert.Equal(1, _sample.Library.DescribeCollection(SampleLibrary.Collection).DocumentsAwaitingPages);
        Assert.Equal(["letter.docx#section=1"], _sample.Search("harbour", SearchSide.Text));

        // A renamed file waits under its new name.
        File.Move(_sample.PathOf("letter.docx"), _sample.PathOf("note.docx"));
        _sample.Reopen();
        IndexReport renamed = _sample.Index();
        Assert.Equal((1, WaitState.Pages), (renamed.Renamed, _sample.Source("note.docx").Reason));

        using FakeOffice office = FakeOffice.Of(FirstLine, SecondLine);
        _sample.Reopen(office.Use);
        IndexReport report = _sample.Index();
        Assert.Equal((1, 2, 0), (report.Unchanged, report.EntriesAdded, report.Partial.Count));
        Assert.Equal(["note.docx#page=1", "note.docx#page=2"], _sample.Keys());

        // And so do pages: they are copied, not drawn.
        File.Move(_sample.PathOf("note.docx"), _sample.PathOf("old.docx"));
        Assert.Equal((1, 1), (_sample.Index().Renamed, office.RunCount));
        Assert.Equal(MediaType.Page, _sample.Opened.Documents.Get("old.docx")!.MediaType);
        Assert.Equal(["old.docx#page=1", "old.docx#page=2"], _sample.Keys());
    }

    [Fact]
    public void Index_SpaceAddedLater_DrawsThePagesAnewForIt()
    {
        using FakeOffice office = FakeOffice.Of(FirstLine, SecondLine);
        _sample.Reopen(office.Use);
        WriteLetter();
        _sample.Index();

        _sample.Index(request => request with { Models = ["minilm"] });

        Assert.Equal(["letter.docx#page=1", "letter.docx#page=2"], _sample.Keys());
        Assert.All(_sample.Keys(), key => Assert.True(_sample.Opened.Entries.GetVectors(key, "minilm")?.RowCount > 0, key));
        Assert.All(_sample.Keys(), key => Assert.True(_sample.Opened.Entries.GetVectors(key, "page-words")?.RowCount > 0, key));
        Assert.Null(_sample.Source("letter.docx").Reason);
        Assert.Equal(1, office.RunCount);
    }

    [Fact]
    public void Index_PageThatIsAPicture_IsRecognizedFromTheConvertedDocument()
    {
        using FakeOffice office = FakeOffice.Of(FirstLine, "");
        using FakeTesseract tesseract = new(words: "lighthouse");
        // Both programs in one folder.
        using Process link = Process.Start("ln", ["-s", Path.Combine(tesseract.Use(_sample.Options).ToolFolder!, "tesseract"), office.Use(_sample.Options).ToolFolder!]);
        link.WaitForExit();
        _sample.Reopen(options => office.Use(options) with { RecognizeText = true });
        WriteLetter();

        IndexReport report = _sample.Index();

        Assert.Empty(report.Partial);
        Assert.Equal(["letter.docx#page=2"], _sample.Search("lighthouse", SearchSide.Text));
        Assert.Equal((1, 1), (tesseract.PageCount, office.RunCount));
    }

    [Fact]
    public void Index_WithoutLibreOffice_SaysOnceHowPagesAreHad()
    {
        WriteLetter();
        _sample.Write("second.docx", OfficeSource.Word(OfficeSource.Paragraph("another letter")).Write());
        _sample.Library.Dispose();
        using TemporaryFolder programs = new();
        foreach (string name in (string[])["sh", "setsid", "unshare", "nice", "true", "pdfinfo", "pdftoppm", "pdftotext"])
        {
            if (new ExternalProgram(name, "").Find() is { } program)
            {
                File.CreateSymbolicLink(programs.PathOf(name), program);
            }
        }

        ProcessStartInfo start = new(
            Path.Combine(AppContext.BaseDirectory, "mvr"),
            ["index", _sample.Sources, "--data", _sample.Options.DataFolder, "--collection", SampleLibrary.Collection, "--model", "words-only", "--json"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["MVR_QUIET_PERIOD"] = "00:00:00";
        start.Environment["PATH"] = programs.FullName;
        using Process process = Process.Start(start)!;
        using JsonDocument report = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();

        string notice = Assert.Single(report.RootElement.GetProperty("notices").EnumerateArray()).GetString()!;
        Assert.StartsWith("2 office documents are found by text alone", notice, StringComparison.Ordinal);
        Assert.Contains(ExternalProgram.LibreOffice.InstallCommand, notice, StringComparison.Ordinal);
        _sample.Reopen();
        Assert.Equal(["letter.docx#section=1"], _sample.Search("harbour", SearchSide.Text));
        Assert.Equal((SourceState.Indexed, WaitState.Pages, null), StateOf("letter.docx"));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("x", null, "x")]
    [InlineData(null, WaitState.Pages, WaitState.Pages)]
    [InlineData("x; y", WaitState.Pages, "x; y; its pages wait to be drawn")]
    public void WaitState_JoinedAndRead_IsTheSame(string? problems, string? wait, string? expected)
    {
        string? reason = WaitState.Join(problems, wait);

        Assert.Equal(expected, reason);
        Assert.Equal((problems, wait), (WaitState.ProblemsOf(reason), WaitState.Of(reason)));
    }

    public void Dispose() => _sample.Dispose();

    private (SourceState State, string? Reason, string? Setting) StateOf(string path) =>
        (_sample.Source(path).State, _sample.Source(path).Reason, _sample.Source(path).Setting);

    private void WriteLetter() => _sample.Write(
        "letter.docx", OfficeSource.Word(OfficeSource.Paragraph(FirstLine), OfficeSource.Paragraph(SecondLine)).Write());

    private Task<byte[]> DrawAsync(string key, int longSide) => _sample.Library.GetPictureAsync(
        SampleLibrary.Collection, key, longSide, cancellationToken: TestContext.Current.CancellationToken);

    // Cancels once the program runs.
    private sealed class Canceller(FakeOffice office, CancellationTokenSource source) : IProgress<IndexProgress>
    {
        public void Report(IndexProgress value)
        {
            if (value.DocumentsToDraw == 1 && office.RunCount > 0)
            {
                source.Cancel();
            }
        }
    }
}
