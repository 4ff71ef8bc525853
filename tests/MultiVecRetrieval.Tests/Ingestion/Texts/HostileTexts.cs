using System.IO.Compression;
using MultiVecRetrieval.Tests.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Texts;

/// <summary>Texts and office documents that attack who reads them.</summary>
internal static class HostileTexts
{
    private const string Declaration = "<?xml version='1.0'?>";

    public static IEnumerable<(string Name, Verdict Verdict, Func<byte[]> Create)> All() => Plain().Concat(Pages()).Concat(Archives());

    private static IEnumerable<(string Name, Verdict Verdict, Func<byte[]> Create)> Plain()
    {
        yield return ("zeros.txt", Verdict.Refused, () => new byte[100_000]);
        yield return ("noise.txt", Verdict.Refused, () => HostileCorpus.Noise(100_000));
        yield return ("noise.md", Verdict.Refused, () => HostileCorpus.Noise(5000));
        yield return ("noise.html", Verdict.Refused, () => HostileCorpus.Noise(5000));
        yield return ("elf.log", Verdict.Refused, () => [0x7F, .. "ELF"u8, 2, 1, 1, .. new byte[500]]);
        yield return ("zeros-in-text.txt", Verdict.Handled, () => [.. Ascii(Repeat("a line of a log\n", 1000)), 0, 0, .. "end"u8]);
        yield return ("invalid-utf8.txt", Verdict.Handled, () => [.. "caf"u8, 0xE9, .. " au lait, s'il vous pla"u8, 0xEE, .. "t"u8]);
        yield return ("cut-utf8.txt", Verdict.Handled, () => [.. System.Text.Encoding.UTF8.GetBytes(Repeat("\u6E2F\u3067", 100)), 0xE6, 0xB8]);
        yield return ("half-a-unit.txt", Verdict.Handled, () => [0xFF, 0xFE, (byte)'a', 0, (byte)'b']);
        yield return ("lone-surrogates.txt", Verdict.Either, () => [0xFF, 0xFE, .. Enumerable.Repeat((byte)0xD8, 4001)]);
        yield return ("one-line.txt", Verdict.Handled, () => Ascii(new string('x', 20 << 20)));
        yield return ("million-lines.txt", Verdict.Handled, () => Ascii(new string('\n', 1_000_000)));
        yield return ("one-line.md", Verdict.Handled, () => Ascii(new string('x', 2 << 20)));
    }

    private static IEnumerable<(string Name, Verdict Verdict, Func<byte[]> Create)> Pages()
    {
        yield return ("nested-divs.html", Verdict.Either, () => Ascii("<html>" + Repeat("<div>", 200_000) + "x"));
        yield return ("nested-inline.html", Verdict.Either, () => Ascii("<html>" + Repeat("<b><i>", 20_000) + "x"));
        yield return ("nested-tables.html", Verdict.Either, () => Ascii("<html>" + Repeat("<table><tr><td>", 20_000) + "x"));
        yield return ("nested-items.html", Verdict.Refused, () => Ascii("<html>" + Repeat("<li><dd>", 100_000) + "x"));
        yield return ("adoption.html", Verdict.Either, () => Ascii("<html>" + Repeat("<a><p>", 3000) + Repeat("</a>", 3000) + "x"));
        yield return ("attributes.html", Verdict.Handled,
            () => Ascii("<html><p " + string.Concat(Enumerable.Range(0, 5000).Select(i => $"a{i}=1 ")) + ">text</p>"));
        yield return ("endless-comment.html", Verdict.Handled, () => Ascii("<html><p>text</p><!--" + new string('-', 1 << 20)));
        yield return ("endless-script.html", Verdict.Handled, () => Ascii("<html><p>text</p><script>while(true){}"));
        yield return ("references.html", Verdict.Handled, () => Ascii(
            "<html><link rel=stylesheet href=http://127.0.0.1:9/x.css><img src=file:///etc/passwd><iframe src=http://127.0.0.1:9/></iframe>"
            + "<object data=http://127.0.0.1:9/></object><script src=http://127.0.0.1:9/x.js></script><p>text</p>"));
        yield return ("nested-quotes.md", Verdict.Handled, () => Ascii(new string('>', 100_000) + " text"));
        yield return ("nested-lists.md", Verdict.Handled, () => Ascii(Repeat("- ", 50_000) + "text"));
        yield return ("nested-brackets.md", Verdict.Handled, () => Ascii(new string('[', 50_000) + "text"));
        yield return ("nested-emphasis.md", Verdict.Handled, () => Ascii(Repeat("*a _b ", 20_000)));
        yield return ("backticks.md", Verdict.Handled, () => Ascii(string.Concat(Enumerable.Range(1, 1500).Select(i => new string('`', i) + "a"))));
    }

    private static IEnumerable<(string Name, Verdict Verdict, Func<byte[]> Create)> Archives()
    {
        yield return ("bomb.docx", Verdict.Refused, () => OfficeSource.Word(OfficeSource.Paragraph(new string('a', 60 << 20))).Write());
        yield return ("bomb.xlsx", Verdict.Refused, () => OfficeSource.Sheets(("a", Repeat("<row><c><v>1</v></c></row>", 4 << 20))).Write());
        yield return ("bomb-beside.docx", Verdict.Refused, () => OfficeSource.Word(OfficeSource.Paragraph("x"))
            .Add("custom/item.xml", $"<a>{new string(' ', 80 << 20)}</a>").Write());
        yield return ("lying-size.docx", Verdict.Refused, () => WithSize(OfficeSource.Word(OfficeSource.Paragraph(new string('a', 1 << 20))).Write()));
        yield return ("many-files.pptx", Verdict.Refused, CreateManyFiles);
        yield return ("laughs.docx", Verdict.Refused, () => OfficeSource.Word(OfficeSource.Paragraph("x")).Add("word/styles.xml", Laughs()).Write());
        yield return ("entity.docx", Verdict.Refused, () => new OfficeSource().Relate("", ("r1", "officeDocument", "word/document.xml"))
            .Add("word/document.xml", Declaration + "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><d>&x;</d>").Write());
        yield return ("climbing.docx", Verdict.Refused, () => OfficeSource.Word(OfficeSource.Paragraph("x")).Add("../../evil.xml", "<a/>").Write());
        yield return ("absolute.xlsx", Verdict.Refused, () => OfficeSource.Sheets(("a", "")).Add("/etc/evil.xml", "<a/>").Write());
        yield return ("twice.docx", Verdict.Refused, () => OfficeSource.Word(OfficeSource.Paragraph("x")).Add("word/document.xml", "<a/>").Write());
        yield return ("nested.docx", Verdict.Refused, () => OfficeSource.Word(Repeat("<w:sdt>", 100_000) + Repeat("</w:sdt>", 100_000)).Write());
        yield return ("nested-unnamed.docx", Verdict.Refused, () => MainPart("word/document.dat", Deep("smartTag")));
        yield return ("nested-utf16.docx", Verdict.Refused, () => MainPart("word/document.dat", "\uFEFF" + Deep("smartTag"), System.Text.Encoding.Unicode));
        yield return ("nested-noise-behind.docx", Verdict.Refused, () => MainPart("word/document.png", Deep("sdt") + "&<"));
        yield return ("nested-pieces.docx", Verdict.Refused, CreatePieces);
        yield return ("nested-styles.docx", Verdict.Refused, () => OfficeSource.Word(OfficeSource.Paragraph("x"))
            .Relate("word/document.xml", ("s", "styles", "styles"))
            .Add("word/styles", Deep("style")).Write());
        yield return ("bomb-unnamed.docx", Verdict.Refused,
            () => MainPart("word/document.bin", $"<w:document {OfficeSource.WordNames}>{new string(' ', 80 << 20)}</w:document>"));
        yield return ("pictures.docx", Verdict.Handled, () => OfficeSource.Word(OfficeSource.Paragraph("x"))
            .Add("word/media/a.png", HostileCorpus.Noise(50_000)).Add("word/media/b.svg", "<!DOCTYPE svg><svg/>")
            .Add("word/page.htm", "<html><p>open<br></html>").Write());
        yield return ("external.docx", Verdict.Handled, () => OfficeSource.Word(OfficeSource.Paragraph("x"))
            .Relate("word/document.xml", ("a", "attachedTemplate", "http://127.0.0.1:9/x.dotm"), ("i", "image", "file:///etc/passwd")).Write());
        yield return ("external-main.docx", Verdict.Refused,
            () => OfficeSource.Word(OfficeSource.Paragraph("x")).WithoutFirst("_rels/.rels")
                .Relate("", ("r1", "officeDocument", "http://127.0.0.1:9/document.xml")).Write());
        yield return ("no-main.pptx", Verdict.Refused, () => new OfficeSource().Add("ppt/x.xml", "<a/>").Write());
        yield return ("missing-part.xlsx", Verdict.Refused,
            () => OfficeSource.Sheets(("a", "")).WithoutFirst("xl/worksheets/sheet1.xml").Write());
        yield return ("no-xml.docx", Verdict.Refused,
            () => new OfficeSource().Relate("", ("r1", "officeDocument", "word/document.xml")).AddPart("word/document.xml", OfficeSource.WordType, "no").Write());
        yield return ("wrong-root.docx", Verdict.Either, () => new OfficeSource().Relate("", ("r1", "officeDocument", "word/document.xml"))
            .AddPart("word/document.xml", OfficeSource.WordType, "<html/>").Write());
        yield return ("cut.docx", Verdict.Refused, () => OfficeSource.Word(OfficeSource.Paragraph("x")).Write()[..300]);
        yield return ("noise.docx", Verdict.Refused, () => [.. "PK\u0003\u0004"u8, .. HostileCorpus.Noise(5000)]);
        yield return ("strings.xlsx", Verdict.Handled, () => OfficeSource.Sheets(
            ("a", "<row><c t='s'><v>-1</v></c><c t='s'><v>99999999999</v></c><c s='4000000000'><v>1</v></c><c t='s'/><c s='1'><v>1e308</v></c></row>")).Write());
        yield return ("encrypted.docx", Verdict.Refused, () => CompoundFile("EncryptedPackage"));
        yield return ("old.doc", Verdict.Refused, () => CompoundFile("WordDocument"));
        yield return ("compound.doc", Verdict.Refused, () => CompoundFile("Something"));
    }

    private static string Deep(string name) => $"<w:document {OfficeSource.WordNames}><w:body>" + Repeat($"<w:{name}>", 60_000)
        + Repeat($"</w:{name}>", 60_000) + "</w:body></w:document>";

    private static byte[] MainPart(string name, string xml, System.Text.Encoding? encoding = null) =>
        new OfficeSource().Relate("", ("r1", "officeDocument", name)).WithType(name, OfficeSource.WordType)
            .Add(name, (encoding ?? System.Text.Encoding.UTF8).GetBytes(xml)).Write();

    // No piece nests deeply.
    private static byte[] CreatePieces()
    {
        const string Name = "word/document.dat";
        OfficeSource source = new OfficeSource().Relate("", ("r1", "officeDocument", Name)).WithType(Name, OfficeSource.WordType);
        string[] pieces = [.. Deep("smartTag").Chunk(2000).Select(piece => new string(piece))];
        for (int i = 0; i < pieces.Length; i++)
        {
            source.Add($"{Name}/[{i}]{(i == pieces.Length - 1 ? ".last" : "")}.piece", pieces[i]);
        }

        return source.Write();
    }

    private static byte[] CompoundFile(string stream) => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[504],
        .. System.Text.Encoding.Unicode.GetBytes(stream), .. new byte[500]];

    private static string Laughs() => Declaration + "<!DOCTYPE d [<!ENTITY a0 'ha'>"
        + string.Concat(Enumerable.Range(1, 12).Select(i => $"<!ENTITY a{i} '{Repeat($"&a{i - 1};", 10)}'>")) + "]><d>&a12;</d>";

    private static byte[] CreateManyFiles()
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.CreateEntry("[Content_Types].xml");
            for (int i = 0; i < 10_001; i++)
            {
                archive.CreateEntry($"ppt/{i}");
            }
        }

        return stream.ToArray();
    }

    // Says of every file in the directory that it unpacks to ten bytes.
    private static byte[] WithSize(byte[] archive)
    {
        for (int at = 0; (at = Next(archive, at)) >= 0; at += 4)
        {
            BitConverter.GetBytes(10).CopyTo(archive, at + 24);
        }

        return archive;
    }

    private static int Next(byte[] archive, int from)
    {
        int at = archive.AsSpan(from).IndexOf("PK\u0001\u0002"u8);
        return at < 0 ? -1 : from + at;
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
