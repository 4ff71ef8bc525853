using System.IO.Compression;

namespace MultiVecRetrieval.Tests.Ingestion.Texts;

/// <summary>Writes office documents as the archives of XML that they are, part by part, so that they may be hostile too.</summary>
internal sealed class OfficeSource
{
    public const string WordType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    public const string SlidesType = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";
    public const string SheetsType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    public const string WordNames = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
        + "xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" "
        + "xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    private const string SlideNames = "xmlns:p=\"http://schemas.openxmlformats.org/presentationml/2006/main\" "
        + "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" xmlns:r=\"" + Relations + "\"";
    private const string SheetNames = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"" + Relations + "\"";

    private readonly List<(string Name, byte[] Bytes)> _files = [];
    private readonly List<string> _types = [];

    public OfficeSource Add(string name, string xml) => Add(name, System.Text.Encoding.UTF8.GetBytes(xml));

    public OfficeSource Add(string name, byte[] bytes)
    {
        _files.Add((name, bytes));
        return this;
    }

    /// <summary>Adds a part with its type.</summary>
    public OfficeSource AddPart(string name, string type, string xml) =>
        WithType(name, type).Add(name, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml);

    /// <summary>Says of which type a part is.</summary>
    public OfficeSource WithType(string name, string type)
    {
        _types.Add($"<Override PartName=\"/{name}\" ContentType=\"{type}\"/>");
        return this;
    }

    /// <summary>Adds the relations of a part: what it names, of which kind, and where that is.</summary>
    public OfficeSource Relate(string part, params (string Id, string Kind, string Target)[] targets)
    {
        string folder = Path.GetDirectoryName(part) ?? "";
        string name = part.Length == 0 ? "_rels/.rels" : $"{folder}/_rels/{Path.GetFileName(part)}.rels";
        return Add(name, "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
            + string.Concat(targets.Select(target => $"<Relationship Id=\"{target.Id}\" Type=\"{Office}{target.Kind}\" Target=\"{target.Target}\""
                + (target.Target.Contains("//", StringComparison.Ordinal) ? " TargetMode=\"External\"" : "") + "/>"))
            + "</Relationships>");
    }

    /// <summary>Drops the first of two files of a name.</summary>
    public OfficeSource WithoutFirst(string name)
    {
        _files.RemoveAt(_files.FindIndex(file => file.Name == name));
        return this;
    }

    public byte[] Write()
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            string types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                + "<Default Extension=\"xml\" ContentType=\"application/xml\"/>" + string.Concat(_types) + "</Types>";
            foreach ((string name, byte[] bytes) in _files.Prepend(("[Content_Types].xml", System.Text.Encoding.UTF8.GetBytes(types))))
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.Optimal).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    /// <summary>A document of these blocks of WordprocessingML.</summary>
    public static OfficeSource Word(params string[] blocks) => new OfficeSource()
        .Relate("", ("r1", "officeDocument", "word/document.xml"))
        .AddPart("word/document.xml", WordType, $"<w:document {WordNames}><w:body>{string.Concat(blocks)}</w:body></w:document>");

    /// <summary>A paragraph, of a style if one is given.</summary>
    public static string Paragraph(string text, string? style = null) => "<w:p>"
        + (style is null ? "" : $"<w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>")
        + $"<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>";

    public static string Styles(params string[] styles) => $"<w:styles {WordNames}>{string.Concat(styles)}</w:styles>";

    /// <summary>A presentation; each slide is XML of shapes, and notes, or null for none.</summary>
    public static OfficeSource Slides(params (string Shapes, string? Notes)[] slides)
    {
        OfficeSource source = new OfficeSource().Relate("", ("r1", "officeDocument", "ppt/presentation.xml"))
            .AddPart("ppt/presentation.xml", SlidesType, $"<p:presentation {SlideNames}><p:sldIdLst>"
                + string.Concat(slides.Select((_, i) => $"<p:sldId id=\"{256 + i}\" r:id=\"s{i + 1}\"/>")) + "</p:sldIdLst></p:presentation>")
            .Relate("ppt/presentation.xml", [.. slides.Select((_, i) => ($"s{i + 1}", "slide", $"slides/slide{i + 1}.xml"))]);
        for (int i = 0; i < slides.Length; i++)
        {
            source.AddPart($"ppt/slides/slide{i + 1}.xml",
                "application/vnd.openxmlformats-officedocument.presentationml.slide+xml",
                $"<p:sld {SlideNames}><p:cSld><p:spTree>{slides[i].Shapes}</p:spTree></p:cSld></p:sld>");
            if (slides[i].Notes is { } notes)
            {
                source.Relate($"ppt/slides/slide{i + 1}.xml", ("n", "notesSlide", $"../notesSlides/notesSlide{i + 1}.xml"))
                    .AddPart($"ppt/notesSlides/notesSlide{i + 1}.xml",
                    "application/vnd.openxmlformats-officedocument.presentationml.notesSlide+xml",
                    $"<p:notes {SlideNames}><p:cSld><p:spTree>{Shape(notes, "body")}</p:spTree></p:cSld></p:notes>");
            }
        }

        return source;
    }

    /// <summary>A shape with a paragraph; what it stands for is a placeholder's type, or null.</summary>
    public static string Shape(string text, string? placeholder = null) =>
        "<p:sp><p:nvSpPr><p:cNvPr id=\"1\" name=\"s\"/><p:cNvSpPr/><p:nvPr>" + (placeholder is null ? "" : $"<p:ph type=\"{placeholder}\"/>")
        + $"</p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>";

    /// <summary>A workbook of sheets with XML of rows.</summary>
    public static OfficeSource Sheets(params (string Name, string Rows)[] sheets) => Sheets("", sheets);

    /// <summary>A workbook of sheets with XML of its properties.</summary>
    public static OfficeSource Sheets(string properties, params (string Name, string Rows)[] sheets)
    {
        OfficeSource source = new OfficeSource().Relate("", ("r1", "officeDocument", "xl/workbook.xml"))
            .AddPart("xl/workbook.xml", SheetsType, $"<workbook {SheetNames}>{properties}<sheets>" + string.Concat(sheets.Select(
                (sheet, i) => $"<sheet name=\"{sheet.Name}\" sheetId=\"{i + 1}\" r:id=\"s{i + 1}\"/>")) + "</sheets></workbook>")
            .Relate("xl/workbook.xml",
            [.. sheets.Select((_, i) => ($"s{i + 1}", "worksheet", $"worksheets/sheet{i + 1}.xml")),
                ("strings", "sharedStrings", "sharedStrings.xml"), ("styles", "styles", "styles.xml")])
            .AddPart("xl/sharedStrings.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml",
                $"<sst {SheetNames}><si><t>harbour</t></si><si><r><t>two </t></r><r><t>runs</t></r><rPh sb=\"0\" eb=\"1\"><t>READ</t></rPh></si></sst>")
            .AddPart("xl/styles.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml",
                $"<styleSheet {SheetNames}><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"[Red]0.0&quot;days&quot;\"/></numFmts>"
                + "<cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>");
        for (int i = 0; i < sheets.Length; i++)
        {
            source.AddPart($"xl/worksheets/sheet{i + 1}.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml",
                $"<worksheet {SheetNames}><sheetData>{sheets[i].Rows}</sheetData></worksheet>");
        }

        return source;
    }
}
