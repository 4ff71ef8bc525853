using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

public sealed class PdfReaderTests
{
    private static readonly PdfReader Reader = new(new MediaLimits());

    [Fact]
    public void ReadInformation_Document_GivesCountAndTitle()
    {
        using TemporaryFolder folder = new();
        PdfSource pdf = new();
        pdf.Add("<</Type/Catalog/Pages 2 0 R>>");
        pdf.Add("<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>");
        pdf.Add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 10 10]>>");
        pdf.Add("<</Title(A title\nPages: 77)>>");
        string path = folder.Write("a", pdf.Write("/Info 4 0 R"));

        PdfInformation information = Reader.ReadInformation(path);

        Assert.Equal(2, information.PageCount);
        Assert.StartsWith("A title", information.Title, StringComparison.Ordinal);
        Assert.False(information.IsEncrypted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/Rotate 90")]
    [InlineData("/Rotate 180")]
    [InlineData("/Rotate 270")]
    [InlineData("/CropBox[50 400 562 792]")]
    [InlineData("/CropBox[50 400 562 792]/Rotate 90")]
    [InlineData("/CropBox[50 400 562 792]/Rotate 270")]
    [InlineData("/MediaBox[-100 -50 512 742]")]
    public void ReadText_AnyBoxAndRotation_WordStandsWhereTheInkIs(string entries)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a.pdf", PdfSource.Document((PdfSource.Text("HELLO", 120, 600, 40), entries)));

        PdfPageText page = Reader.ReadText(path, 1, 1).Single().Value!;
        RgbImage image = Reader.RenderPage(path, 1, 800);

        TextWord word = Assert.Single(page.Text.Words);
        Assert.Equal("HELLO", page.Text.Text);
        Assert.Equal((double)image.Width / image.Height, page.WidthInPoints / page.HeightInPoints, 0.01);
        AssertInkInside(image, word.Place);
    }

    [Fact]
    public void ReadText_TwoBlocks_JoinsWordsInReadingOrder()
    {
        using TemporaryFolder folder = new();
        string content =
            PdfSource.Text("first line here", 72, 700) + PdfSource.Text("second line", 72, 672) + PdfSource.Text("far below", 72, 200);
        string path = folder.Write("a.pdf", PdfSource.Document((content, ""), ("", "")));

        PageResult<PdfPageText>[] pages = [.. Reader.ReadText(path, 1, 2)];

        TextLayer text = pages[0].Value!.Text;
        Assert.Equal("first line here\nsecond line\n\nfar below", text.Text);
        Assert.Equal(["first", "line", "here", "second", "line", "far", "below"],
            text.Words.Select(w => text.Text.Substring(w.Offset, w.Length)));
        Assert.Empty(pages[1].Value!.Text.Words);
    }

    [Fact]
    public void RenderPages_MoreThanOneProcessHolds_GivesEveryPageInOrder()
    {
        using TemporaryFolder folder = new();
        // Page n is 10 + n points wide and 100 high, so its picture tells its number.
        string path =
            folder.Write("a.pdf", PdfSource.Document([.. Enumerable.Range(1, 70).Select(n => ("", $"/MediaBox[0 0 {10 + n} 100]"))]));

        PageResult<RgbImage>[] pages = [.. Reader.RenderPages(path, 2, 69, 100)];

        Assert.Equal(Enumerable.Range(2, 68), pages.Select(page => page.Page));
        Assert.All(pages, page => Assert.Equal((10 + page.Page, 100), (page.Value!.Width, page.Value.Height)));
    }

    [Fact]
    public void RecognizeText_RenderedPage_FindsTheWordInItsPlace()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a.pdf", PdfSource.Document((PdfSource.Text("Elephant", 100, 500, 48), "")));
        Recognizer recognizer = new(new MediaLimits(), []);
        Assert.SkipUnless(recognizer.IsInstalled, "tesseract is not installed");
        RgbImage image = Reader.RenderPage(path, 1, 1200);

        TextLayer text = recognizer.Recognize(image, "eng", TestContext.Current.CancellationToken);

        TextWord word = Assert.Single(text.Words);
        Assert.Equal("Elephant", text.Text);
        AssertInkInside(image, word.Place);
    }

    // All dark pixels lie in the place, give or take three pixels, and they fill at least half of its width and height.
    private static void AssertInkInside(RgbImage image, Place place)
    {
        (int left, int top, int right, int bottom) = (int.MaxValue, int.MaxValue, -1, -1);
        for (int i = 0; i < image.Width * image.Height; i++)
        {
            if (image.Pixels[i * 3] < 128)
            {
                (left, right) = (Math.Min(left, i % image.Width), Math.Max(right, i % image.Width));
                (top, bottom) = (Math.Min(top, i / image.Width), Math.Max(bottom, i / image.Width));
            }
        }

        Assert.True(right >= 0, "nothing is drawn");
        Assert.InRange(left, (place.Left * image.Width) - 3, place.Right * image.Width);
        Assert.InRange(right, place.Left * image.Width, (place.Right * image.Width) + 3);
        Assert.InRange(top, (place.Top * image.Height) - 3, place.Bottom * image.Height);
        Assert.InRange(bottom, place.Top * image.Height, (place.Bottom * image.Height) + 3);
        Assert.True((right - left) * 2 > (place.Right - place.Left) * image.Width, "the box is far wider than the ink");
        Assert.True((bottom - top) * 2 > (place.Bottom - place.Top) * image.Height, "the box is far higher than the ink");
    }
}
