using System.Globalization;
using System.Text;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

/// <summary>Writes small PDF files by hand: objects with a correct cross-reference table.</summary>
internal sealed class PdfSource
{
    private readonly List<byte[]> _objects = [];

    /// <summary>Adds an object and returns its number.</summary>
    public int Add(string text) => Add(System.Text.Encoding.Latin1.GetBytes(text));

    public int Add(byte[] body)
    {
        _objects.Add(body);
        return _objects.Count;
    }

    public int AddStream(byte[] content, string entries = "") =>
        Add([.. System.Text.Encoding.Latin1.GetBytes($"<</Length {content.Length}{entries}>>stream\n"), .. content, .. "\nendstream"u8]);

    /// <summary>Writes the file with object 1 as its catalog.</summary>
    public byte[] Write(string trailerEntries = "")
    {
        MemoryStream file = new();
        List<long> offsets = [];
        file.Write("%PDF-1.4\n"u8);
        for (int i = 0; i < _objects.Count; i++)
        {
            offsets.Add(file.Position);
            file.Write(System.Text.Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n")));
            file.Write(_objects[i]);
            file.Write("\nendobj\n"u8);
        }

        long start = file.Position;
        StringBuilder table = new();
        table.Append(CultureInfo.InvariantCulture, $"xref\n0 {_objects.Count + 1}\n0000000000 65535 f \n");
        foreach (long offset in offsets)
        {
            table.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");
        }

        table.Append(CultureInfo.InvariantCulture,
            $"trailer<</Size {_objects.Count + 1}/Root 1 0 R{trailerEntries}>>\nstartxref\n{start}\n%%EOF\n");
        file.Write(System.Text.Encoding.Latin1.GetBytes(table.ToString()));
        return file.ToArray();
    }

    /// <summary>A document of pages in Helvetica; each page is its content stream and its extra page entries.</summary>
    public static byte[] Document(params (string Content, string Entries)[] pages)
    {
        PdfSource pdf = new();
        pdf.Add("<</Type/Catalog/Pages 2 0 R>>");
        string kids = string.Join(' ', Enumerable.Range(0, pages.Length).Select(i => $"{4 + (2 * i)} 0 R"));
        pdf.Add($"<</Type/Pages/Kids[{kids}]/Count {pages.Length}>>");
        pdf.Add("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
        for (int i = 0; i < pages.Length; i++)
        {
            string box = pages[i].Entries.Contains("/MediaBox", StringComparison.Ordinal) ? "" : "/MediaBox[0 0 612 792]";
            pdf.Add($"<</Type/Page/Parent 2 0 R{box}{pages[i].Entries}/Contents {5 + (2 * i)} 0 R/Resources<</Font<</F 3 0 R>>>>>>");
            pdf.AddStream(System.Text.Encoding.Latin1.GetBytes(pages[i].Content));
        }

        return pdf.Write();
    }

    /// <summary>Content that writes a text at a place, in points from the lower left corner.</summary>
    public static string Text(string text, int x, int y, int size = 24) => $"BT /F {size} Tf {x} {y} Td ({text}) Tj ET ";
}
