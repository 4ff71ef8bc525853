using System.Diagnostics;
using MultiVecRetrieval.Ingestion.Texts;
using MultiVecRetrieval.Tests.Ingestion.Texts;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>Texts become entries that are found by their words and by their meaning, and opened at the right part.</summary>
public sealed class TextDocumentsTests : IDisposable
{
    private static readonly string Tide = string.Concat(Enumerable.Repeat("Vessels wait for high water before they enter. ", 14));
    private static readonly string Bread = string.Concat(Enumerable.Repeat("Knead the dough and let it rise near the oven. ", 14));

    private const string FlatSlides = """
        <?xml version="1.0" encoding="UTF-8"?>
        <office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
          xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
          office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.presentation">
          <office:body><office:presentation><draw:page draw:name="one"><draw:frame svg:x="1cm" svg:y="1cm" svg:width="9cm" svg:height="3cm">
          <draw:text-box><text:p>the harbour master</text:p></draw:text-box></draw:frame></draw:page></office:presentation></office:body>
        </office:document>
        """;

    private readonly SampleLibrary _sample = new();

    [Fact]
    public void Index_EveryKind_MakesAnEntryAPart()
    {
        WriteText("notes.md", $"# Harbour\n\n{Tide}\n\n# Kitchen\n\n{Bread}");
        WriteText("page.html", $"<html><title>Baking</title><h1>Loaf</h1><p>{Bread}</p></html>");
        WriteText("log.txt", "the quick brown ship");
        WriteText("README", "read this first");
        _sample.Write("letter.docx", OfficeSource.Word(OfficeSource.Paragraph("Dear pilot")).Write());
        _sample.Write("talk.pptx", OfficeSource.Slides((OfficeSource.Shape("Growth", "title"), null), (OfficeSource.Shape("Thanks"), null)).Write());
        _sample.Write("book.xlsx", OfficeSource.Sheets(("Berths", "<row><c t=\"s\"><v>0</v></c></row>")).Write());

        IndexReport report = _sample.Index();

        Assert.Empty(report.Failed);
        Assert.Equal((7, 9), (report.Indexed, report.EntriesAdded));
        Assert.Equal(
            ["README#section=1", "book.xlsx#sheet=1", "letter.docx#section=1", "log.txt#section=1", "notes.md#section=1",
                "notes.md#section=2", "page.html#section=1", "talk.pptx#slide=1", "talk.pptx#slide=2"], _sample.Keys());
        Assert.Equal(["notes.md#section=2", "page.html#section=1"], _sample.Search("kneading", SearchSide.Text).Order());
        Assert.Equal(["book.xlsx#sheet=1"], _sample.Search("berths", SearchSide.Text));
        Document page = _sample.Opened.Documents.Get("page.html")!;
        Assert.Equal(("Baking", MediaType.Text, "text/html"), (page.Title, page.MediaType, page.ContentType));
        Assert.Equal(2, _sample.Opened.Entries.Get("talk.pptx#slide=2")!.Page);
        _sample.AssertComplete();
    }

    [Fact]
    public void Index_ManySections_AreEncodedByAllWorkersAndKeepTheirOrder()
    {
        // Longer than a section may be before the next heading ends it, and more sections than are committed at once.
        WriteText("long.md", string.Concat(Enumerable.Range(1, 70).Select(i => $"# Berth {i}\n\nnumber{i} {Tide}\n\n")));

        IndexReport report = _sample.Index(request => request with { Models = ["words-only", "minilm"] });

        Assert.Equal((1, 70, 0), (report.Indexed, report.EntriesAdded, report.Partial.Count));
        Assert.Equal(Enumerable.Range(1, 70).Select(i => $"long.md#section={i}"),
            _sample.Opened.Entries.List("long.md", limit: 100).Select(entry => entry.Key));
        Assert.All(Enumerable.Range(1, 70), i =>
        {
            Assert.Equal([$"long.md#section={i}"], _sample.Search($"number{i}", SearchSide.Text));
            Assert.True(_sample.Opened.Entries.GetVectors($"long.md#section={i}", "minilm")!.RowCount > 0);
        });
    }

    [Fact]
    public void Search_ByMeaning_ShowsThePassageThatAnswers()
    {
        WriteText("notes.md", $"# Harbour\n\n{Tide}\n\n# Kitchen\n\nFlour comes from the mill.\n\nMake bread by hand: {Bread}");

        _sample.Index(request => request with { Models = ["words-only", "minilm"] });

        SearchHit hit = _sample.Search(query => query with { Text = "boats stay outside the port until the sea level goes up" }).Hits[0];
        Assert.Equal("notes.md#section=1", hit.Entry.Key);
        Assert.Contains(hit.Sources, source => source.Name == "vectors:minilm");
        Assert.Contains("wait for high water", hit.Passage!.Text, StringComparison.Ordinal);
        Assert.True(_sample.Opened.Entries.GetVectors("notes.md#section=1", "minilm")!.RowCount >= 1);
        Assert.Null(_sample.Opened.Entries.GetVectors("notes.md#section=1", "page-words"));
    }

    [Fact]
    public void Index_Again_ReadsWhatChangedOnly()
    {
        WriteText("a.md", "# One\n\nfirst");
        WriteText("b.txt", "second");
        _sample.Index(request => request with { Models = ["words-only", "minilm"] });
        WriteText("a.md", "# One\n\nthird");

        IndexReport report = _sample.Index();
        IndexReport reread = _sample.Index(request => request with { Reread = true });

        Assert.Equal((1, 1), (report.Indexed, report.Unchanged));
        Assert.Equal((0, 2), (reread.Indexed, reread.Unchanged));
        Assert.Equal(["a.md#section=1"], _sample.Search("third", SearchSide.Text));
        Assert.Empty(_sample.Search("first", SearchSide.Text));
    }

    [Fact]
    public void Index_NewSpaceOfMeaning_IsFilledAndOfPicturesNot()
    {
        WriteText("a.md", "# One\n\nThe vessels wait for high water.");
        _sample.Index();

        IndexReport meaning = _sample.Index(request => request with { Models = ["minilm"] });
        IndexReport pictures = _sample.Index(request => request with { Models = ["photos"] });

        Assert.Equal((1, 0), (meaning.Indexed, meaning.Unchanged));
        Assert.Equal((0, 1), (pictures.Indexed, pictures.Unchanged));
        Assert.True(_sample.Opened.Entries.GetVectors("a.md#section=1", "minilm")!.RowCount >= 1);
    }

    [Fact]
    public void Index_LongText_IsCommittedInParts()
    {
        WriteText("long.log", string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"line {i} of the long log")));

        IndexReport report = _sample.Index();

        Document document = _sample.Opened.Documents.Get("long.log")!;
        Assert.Equal((report.EntriesAdded, (int?)null), (document.EntryCount, document.ExpectedEntryCount));
        Assert.InRange(document.EntryCount, 100, 200);
        Assert.Equal(SourceState.Indexed, _sample.Source("long.log").State);
        SearchHit hit = Assert.Single(_sample.Search(query => query with { Text = "\"line 19876 of\"", Using = SearchSide.Text }).Hits);
        Assert.Contains("line 19876 of the long log", hit.Passage!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Index_SourceCodeAndData_AreLeftOutUnlessNamed()
    {
        WriteText("a.py", "def moor(ship): pass");
        WriteText("b.json", "{}");

        IndexReport report = _sample.Index();
        _sample.Reopen(options => options with { TextExtensions = ["py"] });
        IndexReport named = _sample.Index();

        Assert.Equal(2, report.Excluded);
        Assert.Equal((1, 1), (named.Indexed, named.Excluded));
        Assert.Equal(["a.py#section=1"], _sample.Search("moor", SearchSide.Text));
    }

    [Theory]
    [InlineData("a.txt", "binary")]
    [InlineData("b.docx", "no .docx file")]
    [InlineData("c.md", "binary")]
    public void Index_BinaryContentNamedAsText_Fails(string name, string reason)
    {
        byte[] noise = new byte[3000];
        new Random(Seed: 4).NextBytes(noise);
        _sample.Write(name, noise);

        IndexReport report = _sample.Index();

        Assert.Contains(reason, Assert.Single(report.Failed).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Index_TextOverTheLimit_NamesTheSetting()
    {
        _sample.Reopen(options => options with { Limits = options.Limits with { MaxTextBytes = 100 } });
        WriteText("a.txt", new string('x', 101));

        FailedFile failed = Assert.Single(_sample.Index().Failed);

        Assert.Equal("media:maxTextBytes", failed.Setting);
        Assert.Contains("100", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EncryptedPackage", SourceState.Failed, "password")]
    public void Index_CompoundFile_SaysWhatItIs(string stream, SourceState state, string reason)
    {
        _sample.Write("a.doc", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[504],
            .. System.Text.Encoding.Unicode.GetBytes(stream), .. new byte[500]]);

        _sample.Index();

        Assert.Equal(state, _sample.Source("a.doc").State);
        Assert.Contains(reason, _sample.Source("a.doc").Reason, StringComparison.Ordinal);
    }

    public void Dispose() => _sample.Dispose();

    [Theory]
    [InlineData("odt", "#section=1")]
    [InlineData("doc", "#section=1")]
    [InlineData("ods", "#sheet=1")]
    [InlineData("xls", "#sheet=1")]
    [InlineData("odp", "#slide=1")]
    [InlineData("ppt", "#slide=1")]
    public void Index_DocumentsThatLibreOfficeConverts_AreReadAsThoseOfToday(string extension, string part)
    {
        Assert.SkipUnless(OfficeConverter.IsInstalled, "LibreOffice is not installed");
        (string name, byte[] file) = part switch
        {
            "#section=1" => ("a.docx", OfficeSource.Word(OfficeSource.Paragraph("the harbour master")).Write()),
            "#sheet=1" => ("a.xlsx", OfficeSource.Sheets(("Berths", "<row><c t=\"s\"><v>0</v></c></row>")).Write()),
            _ => ("a.fodp", System.Text.Encoding.UTF8.GetBytes(FlatSlides)),
        };
        using TemporaryFolder folder = new();
        string source = folder.Write(name, file);
        using (Process convert = Process.Start(new ProcessStartInfo(
            "soffice", ["--headless", $"-env:UserInstallation=file://{folder.FullName}/p", "--convert-to", extension, "--outdir", _sample.Sources, source])
        { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            convert.StandardOutput.ReadToEnd();
            convert.WaitForExit();
        }

        IndexReport report = _sample.Index();

        Assert.Empty(report.Failed);
        Assert.Equal([$"a.{extension}{part}"], _sample.Search("harbour", SearchSide.Text));
    }

    private void WriteText(string name, string text) => _sample.Write(name, System.Text.Encoding.UTF8.GetBytes(text));
}
