using System.Globalization;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

public sealed class IncompleteDocumentTests
{
    // A line of text on a page as low as the others is rendered with fewer pixels than this, a square page with more.
    private static readonly MediaLimits FewPixels = new() { MaxImagePixels = 500_000 };

    [Fact]
    public void Index_OnePageFails_TheOthersAreFoundAndTheLedgerNamesIt()
    {
        using SampleLibrary sample = new(options => options with { Limits = FewPixels });
        WriteWithSquarePage(sample, "");

        IndexReport report = sample.Index();

        Assert.Equal((1, 2), (report.Indexed, report.EntriesAdded));
        Assert.Empty(report.Failed);
        FailedFile partial = Assert.Single(report.Partial);
        Assert.Equal((sample.PathOf("a.pdf"), "media:maxImagePixels"), (partial.Path, partial.Setting));
        Assert.StartsWith("1 of 3 pages failed: 2: ", partial.Reason, StringComparison.Ordinal);
        Assert.Equal(["a.pdf#page=1", "a.pdf#page=3"], sample.Keys());
        Assert.Equal(["a.pdf#page=3"], sample.Search("gamma", SearchSide.Text));
        Assert.Equal((SourceState.Indexed, partial.Reason), (sample.Source("a.pdf").State, sample.Source("a.pdf").Reason));
        sample.AssertComplete();
    }

    [Fact]
    public void Index_PageWithWordsCannotBeRendered_IsStoredWithItsWords()
    {
        using SampleLibrary sample = new(options => options with { Limits = FewPixels });
        WriteWithSquarePage(sample, PdfSource.Text("beta", 40, 20, size: 12));

        IndexReport report = sample.Index();

        Assert.Equal(3, report.EntriesAdded);
        Assert.Single(report.Partial);
        Assert.Equal(["a.pdf#page=2"], sample.Search("beta", SearchSide.Text));
        Assert.Null(sample.Opened.Entries.GetVectors("a.pdf#page=2", "page-words"));
    }

    [Fact]
    public void Index_Unchanged_IsStillReportedAsIncomplete()
    {
        using SampleLibrary sample = new(options => options with { Limits = FewPixels });
        WriteWithSquarePage(sample, "");
        FailedFile first = Assert.Single(sample.Index().Partial);

        IndexReport again = sample.Index();

        Assert.Equal((0, 1), (again.Indexed, again.Unchanged));
        Assert.Equal(first, Assert.Single(again.Partial));
    }

    [Fact]
    public async Task Retry_IncompleteDocument_IsReadAgain()
    {
        using SampleLibrary sample = new(options => options with { Limits = FewPixels });
        WriteWithSquarePage(sample, "");
        sample.Index();
        sample.Reopen(options => options with { Limits = new MediaLimits() });

        IndexReport report = await sample.Library.RetryAsync(SampleLibrary.Collection);

        Assert.Empty(report.Partial);
        Assert.Equal(["a.pdf#page=1", "a.pdf#page=2", "a.pdf#page=3"], sample.Keys());
        Assert.Null(sample.Source("a.pdf").Reason);
        sample.AssertComplete();
    }

    [Fact]
    public void Index_VideoDamagedInTheMiddle_IsIndexedAndTheLedgerSaysSo()
    {
        using SampleLibrary sample = new();
        using TemporaryFolder folder = new();
        byte[] video = File.ReadAllBytes(VideoFixture.CreateClock(folder, framesPerSecond: 5, seconds: 6));
        new Random(1).NextBytes(video.AsSpan(video.Length / 2, video.Length / 50));
        sample.Write("clock.mkv", video);

        IndexReport report = sample.Index();

        Assert.Equal(1, report.Indexed);
        Assert.Contains("could not be decoded", Assert.Single(report.Partial).Reason, StringComparison.Ordinal);
        Assert.Equal(["clock.mkv"], sample.Keys());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Index_ScannedPage_HasTextOnlyWhenItIsRecognized(bool recognizes)
    {
        using SampleLibrary sample = new(options => options with { RecognizeText = recognizes });
        RgbImage scan = SampleLibrary.RenderText("hydraulic pump pressure");
        Assert.SkipUnless(new Recognizer(new MediaLimits(), []).IsInstalled, "tesseract is not installed");
        sample.Write("scan.pdf", ScannedPage(scan));

        IndexReport report = sample.Index();

        Assert.Empty(report.Partial);
        Assert.Equal(recognizes ? ["scan.pdf#page=1"] : [], sample.Search("hydraulic", SearchSide.Text));
        Assert.Equal(["scan.pdf#page=1"], sample.Search("hydraulic", SearchSide.Vectors));
    }

    private static void WriteWithSquarePage(SampleLibrary sample, string content) => sample.Write("a.pdf", PdfSource.Document(
        (PdfSource.Text("alpha", 40, 20, size: 12), "/MediaBox[0 0 842 48]"),
        (content, "/MediaBox[0 0 842 842]"),
        (PdfSource.Text("gamma", 40, 20, size: 12), "/MediaBox[0 0 842 48]")));

    // A page that is one picture, as scanners write it.
    private static byte[] ScannedPage(RgbImage scan)
    {
        PdfSource pdf = new();
        pdf.Add("<</Type/Catalog/Pages 2 0 R>>");
        pdf.Add("<</Type/Pages/Kids[3 0 R]/Count 1>>");
        string height = (842.0 * scan.Height / scan.Width).ToString("0.##", CultureInfo.InvariantCulture);
        pdf.Add($"<</Type/Page/Parent 2 0 R/MediaBox[0 0 842 {height}]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>");
        pdf.AddStream(System.Text.Encoding.Latin1.GetBytes($"842 0 0 {height} 0 0 cm /X Do"));
        pdf.AddStream(scan.Pixels.ToArray(), string.Create(CultureInfo.InvariantCulture,
            $"/Type/XObject/Subtype/Image/Width {scan.Width}/Height {scan.Height}/ColorSpace/DeviceRGB/BitsPerComponent 8"));
        return pdf.Write();
    }
}
