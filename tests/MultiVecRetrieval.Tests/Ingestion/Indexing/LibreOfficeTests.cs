using System.Diagnostics;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Texts;
using MultiVecRetrieval.Numerics;
using MultiVecRetrieval.Tests.Ingestion.Texts;

namespace MultiVecRetrieval.Tests.Ingestion.Indexing;

/// <summary>Pages of office documents as LibreOffice itself draws them.</summary>
public sealed class LibreOfficeTests : IDisposable
{
    // Three slides, of which a show passes over the second.
    private const string FlatSlides = """
        <?xml version="1.0" encoding="UTF-8"?>
        <office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
          xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
          xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"
          office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.presentation">
          <office:automatic-styles>
            <style:style style:name="hidden" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>
          </office:automatic-styles>
          <office:body><office:presentation>
          <draw:page draw:name="one"><draw:frame svg:x="2cm" svg:y="2cm" svg:width="20cm" svg:height="3cm"><draw:text-box><text:p>the harbour master</text:p></draw:text-box></draw:frame></draw:page>
          <draw:page draw:name="two" draw:style-name="hidden"><draw:frame svg:x="2cm" svg:y="2cm" svg:width="20cm" svg:height="3cm"><draw:text-box><text:p>a secret berth</text:p></draw:text-box></draw:frame></draw:page>
          <draw:page draw:name="three"><draw:frame svg:x="2cm" svg:y="10cm" svg:width="20cm" svg:height="3cm"><draw:text-box><text:p>vessels at anchor</text:p></draw:text-box></draw:frame></draw:page>
          </office:presentation></office:body>
        </office:document>
        """;

    private readonly SampleLibrary _sample = new(options => options with { OfficePages = true });

    public LibreOfficeTests() => Assert.SkipUnless(OfficeConverter.IsInstalled, "LibreOffice is not installed");

    [Fact]
    public async Task Index_SlidesAndLetter_AreFoundBySightAndShownWhereTheyMatch()
    {
        Convert("talk.fodp", FlatSlides, "pptx");
        Convert("plan.fodp", FlatSlides, "odp");
        _sample.Write("letter.docx", OfficeSource.Word(OfficeSource.Paragraph("counting lighthouses by night")).Write());

        IndexReport report = _sample.Index();

        Assert.Empty(report.Failed);
        Assert.Empty(report.Partial);
        Assert.Equal(
            ["letter.docx#page=1", "plan.odp#slide=1", "plan.odp#slide=2", "plan.odp#slide=3", "talk.pptx#slide=1", "talk.pptx#slide=2", "talk.pptx#slide=3"],
            _sample.Keys());
        Assert.Equal(["plan.odp#slide=2", "talk.pptx#slide=2"], _sample.Search("secret", SearchSide.Text).Order(StringComparer.Ordinal));
        Assert.Equal("letter.docx#page=1", _sample.Search("lighthouses", SearchSide.Vectors)[0]);

        // The word seen stands on the lower half of its slide, and something is drawn there.
        SearchHit hit = _sample.Search(query => query with { Text = "anchor", Using = SearchSide.Vectors, Filter = Filter.Parse("document = \"talk.pptx\" and page = 3") }).Hits[0];
        Place place = hit.Matches[0].Place;
        Assert.InRange(place.Top, 0.5f, 0.9f);
        RgbImage picture = new ImageDecoder(new MediaLimits()).Decode(await _sample.Library.GetPictureAsync(
            SampleLibrary.Collection, hit.Entry.Key, 800, cancellationToken: TestContext.Current.CancellationToken));
        RgbImage found = picture.Crop(place);
        Assert.Contains(found.Pixels.ToArray(), value => value < 100);
    }

    [Fact]
    public void Convert_PictureThatLiesElsewhere_IsNotLookedAt()
    {
        using TemporaryFolder folder = new();
        RgbImage red = new(80, 80, [.. Enumerable.Repeat<byte[]>([250, 10, 10], 80 * 80).SelectMany(pixel => pixel)]);
        string secret = folder.Write("secret.png", SampleLibrary.Png(red));
        const string Drawing = """
            <w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:extent cx="2000000" cy="2000000"/><wp:docPr id="1" name="p"/>
            <a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">
            <pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr>
            <pic:blipFill><a:blip r:link="elsewhere"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
            <pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="2000000" cy="2000000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>
            </a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>
            """;
        string letter = folder.Write("letter.docx", OfficeSource.Word(OfficeSource.Paragraph("a picture of elsewhere"), Drawing)
            .Relate("word/document.xml", ("elsewhere", "image", $"file://{secret}")).Write());

        using ConvertedFile pdf =
            new OfficeConverter(new MediaLimits()).ToPdf(letter, MediaFormat.Word, TestContext.Current.CancellationToken);
        RgbImage page =
            new PdfReader(new MediaLimits()).RenderPage(pdf.Path, page: 1, longSide: 600, TestContext.Current.CancellationToken);

        Assert.Contains(page.Pixels.ToArray(), value => value < 64);
        Assert.DoesNotContain(
            Enumerable.Range(0, page.Width * page.Height), i => page.Pixels[i * 3] > 200 && page.Pixels[(i * 3) + 1] < 80);
    }

    public void Dispose() => _sample.Dispose();

    private void Convert(string name, string flat, string extension)
    {
        using TemporaryFolder folder = new();
        string source = folder.Write(name, System.Text.Encoding.UTF8.GetBytes(flat));
        using Process convert = Process.Start(new ProcessStartInfo(
            "soffice", ["--headless", $"-env:UserInstallation=file://{folder.FullName}/p", "--convert-to", extension, "--outdir", _sample.Sources, source])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        convert.StandardOutput.ReadToEnd();
        convert.WaitForExit();
    }
}
