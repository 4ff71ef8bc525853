using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Texts;

namespace MultiVecRetrieval.Tests.Ingestion.Texts;

/// <summary>What is read of docx, pptx and xlsx, against documents written part by part.</summary>
public sealed class OfficeReaderTests
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("Ships wait for the tide in the harbour. ", 15));

    [Fact]
    public void Word_HeadingsOfStyles_BeginSections()
    {
        byte[] file = OfficeSource.Word(
            OfficeSource.Paragraph("The port", "Title1"), OfficeSource.Paragraph(Long),
            OfficeSource.Paragraph("Cranes", "Own"), OfficeSource.Paragraph("They lift."),
            "<w:p><w:pPr><w:outlineLvl w:val=\"1\"/></w:pPr><w:r><w:t>Tugs</w:t></w:r></w:p>", OfficeSource.Paragraph("They pull."))
            .AddPart("word/styles.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml", OfficeSource.Styles(
                "<w:style w:type=\"paragraph\" w:styleId=\"Title1\"><w:name w:val=\"Title\"/></w:style>",
                "<w:style w:type=\"paragraph\" w:styleId=\"H\"><w:name w:val=\"x\"/><w:pPr><w:outlineLvl w:val=\"0\"/></w:pPr></w:style>",
                "<w:style w:type=\"paragraph\" w:styleId=\"Own\"><w:name w:val=\"own\"/><w:basedOn w:val=\"H\"/></w:style>",
                "<w:style w:type=\"paragraph\" w:styleId=\"Loop\"><w:name w:val=\"loop\"/><w:basedOn w:val=\"Loop\"/></w:style>"))
            .Relate("word/document.xml", ("s", "styles", "styles.xml")).Write();

        TextContent content = Read(file, MediaFormat.Word);

        Assert.Equal("The port", content.Title);
        Assert.Equal(["#section=1", "#section=2"], content.Parts.Select(part => part.Mark));
        Assert.Equal($"The port\n\n{Long.Trim()}", content.Parts[0].Text);

        // A short section takes the next in.
        Assert.Equal("Cranes\n\nThey lift.\n\nTugs\n\nThey pull.", content.Parts[1].Text);
    }

    [Fact]
    public void Word_TablesNotesAndHiddenThings_AreReadOnceOrLeftOut()
    {
        string table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Berth</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Depth</w:t></w:r></w:p></w:tc></w:tr>"
            + "<w:tr><w:tc><w:p><w:r><w:t>North</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>9 m</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
        string twice = "<w:p><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:t>boxed</w:t></mc:Choice>"
            + "<mc:Fallback><w:t>boxed</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>";
        string deleted = "<w:p><w:r><w:t>kept</w:t></w:r><w:del w:id=\"1\"><w:r><w:delText>gone</w:delText></w:r></w:del>"
            + "<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:tab/><w:t>after</w:t><w:br/><w:t>next</w:t></w:r></w:p>";
        byte[] file = OfficeSource.Word(OfficeSource.Paragraph("Contents .... 1", "TOC1"), table, twice, deleted)
            .Relate("word/document.xml", ("f", "footnotes", "footnotes.xml"))
            .AddPart("word/footnotes.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
                "<w:footnotes xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:footnote w:id=\"2\">"
                + OfficeSource.Paragraph("a note") + "</w:footnote></w:footnotes>").Write();

        TextContent content = Read(file, MediaFormat.Word);

        Assert.Equal("Berth\tDepth\nNorth\t9 m\n\nboxed\n\nkept\tafter\nnext\n\na note", Assert.Single(content.Parts).Text);
    }

    [Fact]
    public void Word_NestedTablesAndMovedText_AreReadOnce()
    {
        string inner = $"<w:tbl><w:tr><w:tc>{OfficeSource.Paragraph("inner")}</w:tc><w:tc>{OfficeSource.Paragraph("second")}</w:tc></w:tr></w:tbl>";
        string table = $"<w:tbl><w:tr><w:tc>{OfficeSource.Paragraph("outer")}{inner}</w:tc><w:tc>{OfficeSource.Paragraph("beside")}</w:tc></w:tr></w:tbl>";
        string moved = "<w:p><w:moveFrom w:id=\"1\" w:author=\"a\"><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:r><w:t>stays</w:t></w:r></w:p>"
            + "<w:p><w:moveTo w:id=\"2\" w:author=\"a\"><w:r><w:t>moved</w:t></w:r></w:moveTo></w:p>";

        TextContent content = Read(OfficeSource.Word(table, moved).Write(), MediaFormat.Word);

        Assert.Equal("outer inner second\tbeside\n\nstays\n\nmoved", Assert.Single(content.Parts).Text);
    }

    [Fact]
    public void Word_AddressThatIsNone_KeepsTheTextReadable()
    {
        byte[] file = OfficeSource.Word(OfficeSource.Paragraph("still here"))
            .Relate("word/document.xml", ("h", "hyperlink", "http://[broken//address")).Write();

        Assert.Equal("still here", Read(file, MediaFormat.Word).Parts[0].Text);
    }

    [Fact]
    public void Presentation_Slides_HaveTitleTextTablesAndNotes()
    {
        string table = "<p:graphicFrame><a:graphic><a:graphicData uri=\"t\"><a:tbl><a:tr h=\"1\"><a:tc><a:txBody><a:p><a:r><a:t>Year</a:t></a:r></a:p></a:txBody></a:tc>"
            + "<a:tc><a:txBody><a:p><a:r><a:t>Tons</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>";
        byte[] file = OfficeSource.Slides(
            (OfficeSource.Shape("We grow", "title") + OfficeSource.Shape("More ships") + OfficeSource.Shape("7", "sldNum"), "say thanks"),
            (OfficeSource.Shape("Figures", "ctrTitle") + table, null)).Write();

        TextContent content = Read(file, MediaFormat.Presentation);

        Assert.Equal("We grow", content.Title);
        Assert.Equal(["#slide=1", "#slide=2"], content.Parts.Select(part => part.Mark));
        Assert.Equal(["We grow\n\nMore ships\n\nsay thanks", "Figures\n\nYear\tTons"], content.Parts.Select(part => part.Text));
    }

    [Fact]
    public void Workbook_Sheets_HaveNamesAndWhatCellsShow()
    {
        string rows = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"inlineStr\"><is><t>inline</t></is></c></row>"
            + "<row><c s=\"1\"><v>45991</v></c><c s=\"2\"><v>45991</v></c><c t=\"b\"><v>1</v></c><c t=\"str\"><v>sum</v></c><c t=\"s\"><v>99</v></c></row><row/>";
        byte[] file = OfficeSource.Sheets(("Berths", rows), ("Empty", "")).Write();

        TextContent content = Read(file, MediaFormat.Workbook);

        Assert.Equal(["#sheet=1", "#sheet=2"], content.Parts.Select(part => part.Mark));

        // 45,991 days after 30 December 1899.
        Assert.Equal("Berths\n\nharbour\ttwo runs\tinline\n2025-11-30\t45991\tTRUE\tsum", content.Parts[0].Text);
        Assert.Equal("Empty", content.Parts[1].Text);
    }

    [Fact]
    public void Workbook_CellsThatAreNotWritten_KeepColumnsApart()
    {
        string rows = "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"C1\"><v>3</v></c></row>"
            + "<row r=\"2\"><c r=\"B2\"><v>2</v></c><c><v>3</v></c><c r=\"AA2\"><v>27</v></c></row><row r=\"3\"><c r=\"XFD3\"><v>4</v></c></row>";

        TextContent content = Read(OfficeSource.Sheets(("S", rows)).Write(), MediaFormat.Workbook);

        Assert.Equal($"S\n\n1\t\t3\n\t2\t3{new string('\t', 24)}27\n{new string('\t', 32)}4", Assert.Single(content.Parts).Text);
    }

    // ECMA-376 part 1, 18.17.4.1: serial 0 is 1 January 1904 in the 1904 system; both systems are 1,462 days apart.
    [Theory]
    [InlineData("", "45991", "2025-11-30")]
    [InlineData("<workbookPr date1904=\"1\"/>", "44529", "2025-11-30")]
    [InlineData("<workbookPr date1904=\"0\"/>", "45991.5", "2025-11-30 12:00")]
    [InlineData("<workbookPr date1904=\"1\"/>", "2958465", "2958465")]
    public void Workbook_Dates_CountFromTheEpochOfTheWorkbook(string properties, string number, string date)
    {
        byte[] file = OfficeSource.Sheets(properties, ("S", $"<row><c s=\"1\"><v>{number}</v></c></row>")).Write();

        Assert.Equal($"S\n\n{date}", Assert.Single(Read(file, MediaFormat.Workbook).Parts).Text);
    }

    [Fact]
    public void Workbook_LargeSheet_BecomesPartsOfAboutAPage()
    {
        string rows = string.Concat(Enumerable.Range(0, 2000).Select(i => $"<row><c><v>{i}</v></c><c t=\"s\"><v>0</v></c></row>"));
        byte[] file = OfficeSource.Sheets(("Log", rows)).Write();

        TextContent content = Read(file, MediaFormat.Workbook);

        Assert.Equal(["#sheet=1", "#sheet=1&part=2", "#sheet=1&part=3"], content.Parts.Take(3).Select(part => part.Mark));
        Assert.All(content.Parts, part => Assert.InRange(part.Text.Length, 1, TextContent.MaxPartLength + 10));
        Assert.All(content.Parts, part => Assert.StartsWith("Log\n\n", part.Text, StringComparison.Ordinal));
        Assert.Equal(2000, content.Parts.Sum(part => part.Text.Split('\n').Count(line => line.Contains("harbour", StringComparison.Ordinal))));
    }

    [Fact]
    public void Read_Properties_AreTitleAndMetadata()
    {
        byte[] file = OfficeSource.Word(OfficeSource.Paragraph("text"))
            .AddPart("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml",
                "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
                + "<dc:title>The tide table</dc:title><dc:creator>A. Pilot</dc:creator><cp:keywords>tide, moon</cp:keywords></cp:coreProperties>")
            .Add("_rels/.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + "<Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>"
                + "<Relationship Id=\"r2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>")
            .WithoutFirst("_rels/.rels").Write();

        TextContent content = Read(file, MediaFormat.Word);

        Assert.Equal("The tide table", content.Title);
        Assert.Equal(["author", "keywords"], content.Metadata.Keys.Order());
        Assert.Equal("A. Pilot", content.Metadata["author"].Value);
    }

    private static TextContent Read(byte[] file, MediaFormat expected)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("file", file);
        Assert.Equal(expected, MediaSniffer.DetectFile(path));
        return new TextDocumentReader(new MediaLimits()).Read(path, expected, TestContext.Current.CancellationToken);
    }
}
