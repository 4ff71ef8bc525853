using System.Buffers.Binary;
using System.IO.Compression;
using MultiVecRetrieval.Tests.Ingestion.Texts;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

/// <summary>What must become of a hostile file.</summary>
internal enum Verdict
{
    /// <summary>A typed error.</summary>
    Refused,

    /// <summary>An ordinary result.</summary>
    Handled,

    /// <summary>Either; what counts is that nothing else happens.</summary>
    Either,
}

/// <summary>Files that attack decoders, made on the spot.</summary>
internal static class HostileCorpus
{
    private static readonly byte[] Jpeg = PictureSource.Save(PictureSource.Gradient(120, 90), "jpegsave_buffer");
    private static readonly byte[] OnePage = PdfSource.Document((PdfSource.Text("Hello", 100, 600), ""));

    /// <summary>Every case by its name, which is also the name of its file.</summary>
    public static IReadOnlyDictionary<string, (Verdict Verdict, Func<byte[]> Create)> Cases { get; } =
        Disguises().Concat(Pictures()).Concat(Documents()).Concat(HostileTexts.All()).ToDictionary(c => c.Name, c => (c.Verdict, c.Create));

    private static IEnumerable<(string Name, Verdict Verdict, Func<byte[]> Create)> Disguises()
    {
        yield return ("empty.jpg", Verdict.Refused, () => []);
        yield return ("one-byte.png", Verdict.Refused, () => [0x89]);
        yield return ("archive.jpg", Verdict.Refused, () => [.. "PK\u0003\u0004"u8, .. new byte[200]]);
        yield return ("program.pdf", Verdict.Refused, () => [.. "MZ"u8, .. new byte[500]]);
        yield return ("elf.mp4", Verdict.Refused, () => [0x7F, .. "ELF"u8, .. new byte[500]]);
        yield return ("page.jpg", Verdict.Refused,
            () => Ascii("<!DOCTYPE html><html><svg onload=alert(1)></svg><script>alert(1)</script></html>"));
        yield return ("page.pdf", Verdict.Refused, () => Ascii("<html>%PDF-1.4</html>"));
        yield return ("script.pdf", Verdict.Refused, () => Ascii("#!/bin/sh\necho %PDF-1.4\nrm -rf /"));
        yield return ("postscript.pdf", Verdict.Refused, () => Ascii("%!PS-Adobe-3.0\n(/etc/passwd) (r) file\nshowpage"));
        yield return ("vector.jpg", Verdict.Refused,
            () => Ascii("<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'><image xlink:href='file:///etc/passwd'/><image xlink:href='http://127.0.0.1:9/x.png'/></svg>"));
        yield return ("entities.svg", Verdict.Refused,
            () => Ascii("<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>"));
        yield return ("mvg.png", Verdict.Refused,
            () => Ascii("push graphic-context\nimage over 0,0 0,0 'https://127.0.0.1/x.png'\npop graphic-context"));
        yield return ("playlist.mp4", Verdict.Refused, () => Ascii("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"));
        yield return ("concat.mp4", Verdict.Refused, () => Ascii("ffconcat version 1.0\nfile /etc/passwd\n"));
        yield return ("dash.mp4", Verdict.Refused,
            () => Ascii("<?xml version='1.0'?><MPD><Period><BaseURL>http://127.0.0.1:9/</BaseURL></Period></MPD>"));
        yield return ("sdp.mp4", Verdict.Refused, () => Ascii("v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n"));
        yield return ("audio.mp4", Verdict.Refused, () => Ascii("ID3\u0003\0\0\0\0\0\0"));
        yield return ("box-only.mp4", Verdict.Refused, () => [0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 2, 0]);
        yield return ("endless-box.mp4", Verdict.Refused,
            () => [0, 0, 0, 16, .. "ftypisom"u8, 0, 0, 2, 0, 0, 0, 0, 1, .. "moov"u8, .. Enumerable.Repeat((byte)0xFF, 8)]);
        yield return ("noise.mkv", Verdict.Refused, () => [0x1A, 0x45, 0xDF, 0xA3, .. Noise(5000)]);
        yield return ("noise.avi", Verdict.Refused, () => [.. "RIFF"u8, 0xFF, 0xFF, 0xFF, 0xFF, .. "AVI "u8, .. Noise(5000)]);
        yield return ("noise.ogg", Verdict.Refused, () => [.. "OggS\0"u8, .. Noise(5000)]);
        yield return ("noise.flv", Verdict.Refused, () => [.. "FLV"u8, 1, 5, 0, 0, 0, 9, .. Noise(5000)]);
        yield return ("noise.mpg", Verdict.Refused, () => [0, 0, 1, 0xBA, .. Noise(5000)]);
        yield return ("noise.asf", Verdict.Refused,
            () => [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0x00, 0xAA, 0x00, 0x62, 0xCE, 0x6C, .. Noise(5000)]);
        yield return ("noise.ts", Verdict.Refused,
            () => [.. Enumerable.Range(0, 50).SelectMany(i => new byte[] { 0x47 }.Concat(Noise(187)))]);
    }

    private static IEnumerable<(string Name, Verdict Verdict, Func<byte[]> Create)> Pictures()
    {
        yield return ("bomb-1-bit.png", Verdict.Refused, () => PictureSource.PngFromPacked(30000, 30000, 1, 0, PackZeros(30000L * 3751)));
        yield return ("largest-header.png", Verdict.Refused, () => PictureSource.PngFrom(int.MaxValue, int.MaxValue, 8, 2, [0]));
        yield return ("zero-width.png", Verdict.Refused, () => PictureSource.PngFrom(0, 10, 8, 2, [0]));
        yield return ("negative-width.png", Verdict.Refused, () => PictureSource.PngFrom(-5, 10, 8, 2, [0]));
        yield return ("bad-depth.png", Verdict.Refused, () => PictureSource.PngFrom(10, 10, 7, 2, new byte[1000]));
        yield return ("short-data.png", Verdict.Refused, () => PictureSource.PngFrom(100, 100, 8, 2, new byte[50]));
        yield return ("no-palette.png", Verdict.Refused, () => PictureSource.Png(2, 1, 8, 3, [1, 0]));
        yield return ("text-bomb.png", Verdict.Either,
            () => PictureSource.Png(1, 1, 8, 0, [5], ("zTXt", [.. "a\0\0"u8, .. PackZeros(200 << 20)])));
        yield return ("profile-bomb.png", Verdict.Either,
            () => PictureSource.Png(1, 1, 8, 0, [5], ("iCCP", [.. "a\0\0"u8, .. PackZeros(200 << 20)])));
        yield return ("largest-header.jpg", Verdict.Refused, () => WithJpegSize(Jpeg, 65535, 65535));
        yield return ("zero-height.jpg", Verdict.Refused, () => WithJpegSize(Jpeg, 100, 0));
        yield return ("taller-than-data.jpg", Verdict.Either, () => WithJpegSize(Jpeg, 120, 2000));
        yield return ("orientation-99.jpg", Verdict.Handled, () => PictureSource.WithOrientation(Jpeg, 99));
        yield return ("exif-loop.jpg", Verdict.Either,
            () => WithExif([.. "MM"u8, 0, 42, 0, 0, 0, 8, 0xFF, 0xFF, .. Enumerable.Repeat((byte)0xFF, 600)]));
        yield return ("exif-self-reference.jpg", Verdict.Either,
            () => WithExif([.. "II"u8, 42, 0, 8, 0, 0, 0, 1, 0, 0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0]));
        yield return ("exif-65533.jpg", Verdict.Handled, () => WithExif(Noise(65000)));
        yield return ("many-scans.jpg", Verdict.Either,
            () => [.. Jpeg[..^2], .. Enumerable.Repeat(Jpeg[^40..^2], 3000).SelectMany(b => b), 0xFF, 0xD9]);
        yield return ("one-hundred-thousand-frames.gif", Verdict.Handled, () => Gif(100_000));
        yield return ("largest-screen.gif", Verdict.Either, () => WithGifSize(Gif(1), 65535));
        yield return ("endless-block.gif", Verdict.Either, () => [.. Gif(1)[..^1], 0x21, 0xF9, .. Enumerable.Repeat((byte)0xFF, 100_000)]);
        yield return ("directory-loop.tif", Verdict.Refused, () => [.. "II"u8, 42, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 0]);
        yield return ("directory-far-away.tif", Verdict.Refused, () => [.. "II"u8, 42, 0, 0xFF, 0xFF, 0xFF, 0x7F, .. new byte[100]]);
        yield return ("largest.tif", Verdict.Refused, () => Tiff(width: 4_000_000_000, height: 4_000_000_000));
        yield return ("strip-of-4-gb.tif", Verdict.Refused, () => Tiff(width: 1000, height: 1000));
        yield return ("largest.webp", Verdict.Refused,
            () => [.. "RIFF"u8, 50, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, .. Enumerable.Repeat((byte)0xFF, 6),
            .. new byte[30]]);
        yield return ("largest.bmp", Verdict.Refused, () => Bitmap(int.MaxValue, int.MaxValue, 24, 0, []));
        yield return ("negative.bmp", Verdict.Refused, () => Bitmap(-7, int.MinValue, 24, 0, []));
        yield return ("short.bmp", Verdict.Refused, () => Bitmap(1000, 1000, 24, 0, new byte[100]));
        yield return ("runs-beyond.bmp", Verdict.Either, () => Bitmap(4, 4, 8, 1, [0, 2, 255, 255, 255, 1, 0, 1]));
        yield return ("runs-endless.bmp", Verdict.Refused, () => Bitmap(4, 4, 8, 1, [.. Enumerable.Repeat((byte)255, 100)]));
        yield return ("jpeg-in.bmp", Verdict.Refused, () => Bitmap(4, 4, 24, 4, Jpeg));
        yield return ("box-only.avif", Verdict.Refused, () => [0, 0, 0, 24, .. "ftypavif"u8, 0, 0, 0, 0, .. "avifmif1"u8]);
        yield return ("noise.avif", Verdict.Refused, () => [0, 0, 0, 24, .. "ftypavif"u8, 0, 0, 0, 0, .. "avifmif1"u8, .. Noise(5000)]);
        yield return ("phone.heic", Verdict.Refused, () => [0, 0, 0, 24, .. "ftypheic"u8, 0, 0, 0, 0, .. "mif1heic"u8, .. Noise(5000)]);
        yield return ("jpeg-and-archive.jpg", Verdict.Handled, () => [.. Jpeg, .. "PK\u0003\u0004"u8, .. Noise(3000)]);
    }

    private static IEnumerable<(string Name, Verdict Verdict, Func<byte[]> Create)> Documents()
    {
        yield return ("page-of-200000-points.pdf", Verdict.Handled,
            () => PdfSource.Document((PdfSource.Text("Hello", 100, 600), "/MediaBox[0 0 200000 200000]")));
        yield return ("page-of-nothing.pdf", Verdict.Either, () => PdfSource.Document(("", "/MediaBox[0 0 0 0]")));
        yield return ("page-upside-down.pdf", Verdict.Either, () => PdfSource.Document(("", "/MediaBox[500 500 -500 -500]")));
        yield return ("page-of-nan.pdf", Verdict.Either, () => PdfSource.Document(("", "/MediaBox[0 0 1e400 nan]")));
        yield return ("page-a-hair-wide.pdf", Verdict.Either, () => PdfSource.Document(("", "/MediaBox[0 0 0.0001 100000]")));
        yield return ("count-of-ten-billion.pdf", Verdict.Refused, () => Tree("/Kids[3 0 R]/Count 9999999999"));
        yield return ("count-of-minus-five.pdf", Verdict.Refused, () => Tree("/Kids[3 0 R]/Count -5"));
        yield return ("count-of-5000.pdf", Verdict.Refused, () => Tree("/Kids[3 0 R]/Count 5000"));
        yield return ("tree-loop.pdf", Verdict.Either, () => Tree("/Kids[2 0 R]/Count 2"));
        yield return ("tree-of-nothing.pdf", Verdict.Refused, () => Tree("/Kids[]/Count 0"));
        yield return ("stream-bomb.pdf", Verdict.Refused,
            () => Content(Pack(PackZeros(1L << 31, (byte)'q')), "/Filter[/FlateDecode/FlateDecode]"));
        yield return ("laughs.pdf", Verdict.Refused, CreateLaughs);
        yield return ("length-beyond-file.pdf", Verdict.Either,
            () => Ascii(System.Text.Encoding.Latin1.GetString(OnePage).Replace("/Length ", "/Length 9999999", StringComparison.Ordinal)));
        yield return ("no-table.pdf", Verdict.Either, () => OnePage[..(OnePage.AsSpan().IndexOf("xref"u8))]);
        yield return ("header-only.pdf", Verdict.Refused, () => Ascii("%PDF-1.7\n"));
        yield return ("deep-nesting.pdf", Verdict.Either, () => Content([.. Enumerable.Repeat((byte)'[', 2_000_000)], ""));
        yield return ("encrypted.pdf", Verdict.Refused, CreateEncrypted);
        yield return ("uri-action.pdf", Verdict.Handled,
            () => PdfSource.Document(
            ("", "/AA<</O<</S/URI/URI(http://127.0.0.1:9/)>>>>/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/Launch/F(/bin/sh)>>>>]")));
        yield return ("external-stream.pdf", Verdict.Either, () => Content([], "/F(/etc/passwd)/FFilter/ASCIIHexDecode"));
        yield return ("javascript.pdf", Verdict.Handled,
            () => Tree("/Kids[3 0 R]/Count 1", "/OpenAction<</S/JavaScript/JS(while\\(true\\){})>>"));
    }

    public static byte[] Noise(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Zeros, or another byte, packed as a zlib stream without holding them.</summary>
    public static byte[] PackZeros(long count, byte value = 0)
    {
        byte[] block = new byte[1 << 20];
        Array.Fill(block, value);
        MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (long left = count; left > 0; left -= block.Length)
            {
                zlib.Write(block, 0, (int)Math.Min(left, block.Length));
            }
        }

        return packed.ToArray();
    }

    /// <summary>A 4 × 4 picture, then as many frames of one pixel.</summary>
    public static byte[] Gif(int frames)
    {
        MemoryStream gif = new();
        gif.Write([.. "GIF89a"u8, 4, 0, 4, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255]);
        for (int i = 0; i < frames; i++)
        {
            gif.Write([0x21, 0xF9, 4, 0, 1, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
        }

        gif.WriteByte(0x3B);
        return gif.ToArray();
    }

    public static byte[] Bitmap(int width, int height, int bits, int compression, byte[] data, byte[]? palette = null)
    {
        palette ??= bits <= 8 ? new byte[4 << bits] : [];
        byte[] file = new byte[54 + palette.Length + data.Length];
        file[0] = (byte)'B';
        file[1] = (byte)'M';
        int[] fields = [file.Length, 0, 54 + palette.Length, 40, width, height, 1 | (bits << 16), compression];
        for (int i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2 + (4 * i)), fields[i]);
        }

        palette.CopyTo(file, 54);
        data.CopyTo(file, 54 + palette.Length);
        return file;
    }

    public static byte[] CreateLaughs()
    {
        PdfSource pdf = new();
        pdf.Add("<</Type/Catalog/Pages 2 0 R>>");
        pdf.Add("<</Type/Pages/Kids[3 0 R]/Count 1>>");
        pdf.Add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>");
        pdf.AddStream("/X Do"u8.ToArray());
        AddLaughs(pdf, first: 5);
        return pdf.Write();
    }

    /// <summary>Twelve forms, each drawing the next ten times: 10^12 rectangles.</summary>
    public static void AddLaughs(PdfSource pdf, int first)
    {
        for (int i = 0; i < 12; i++)
        {
            string content = string.Concat(Enumerable.Repeat(i < 11 ? "/X Do " : "0 0 612 792 re f ", 10));
            string resources = i < 11 ? $"/Resources<</XObject<</X {first + i + 1} 0 R>>>>" : "";
            pdf.AddStream(Ascii(content), $"/Type/XObject/Subtype/Form/BBox[0 0 612 792]{resources}");
        }
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    private static byte[] Pack(byte[] bytes)
    {
        MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Tree(string pages, string catalog = "")
    {
        PdfSource pdf = new();
        pdf.Add($"<</Type/Catalog/Pages 2 0 R{catalog}>>");
        pdf.Add($"<</Type/Pages{pages}>>");
        pdf.Add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>");
        return pdf.Write();
    }

    private static byte[] Content(byte[] content, string entries)
    {
        PdfSource pdf = new();
        pdf.Add("<</Type/Catalog/Pages 2 0 R>>");
        pdf.Add("<</Type/Pages/Kids[3 0 R]/Count 1>>");
        pdf.Add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>");
        pdf.AddStream(content, entries);
        return pdf.Write();
    }

    // The standard security handler with keys that no password fits.
    private static byte[] CreateEncrypted()
    {
        PdfSource pdf = new();
        pdf.Add("<</Type/Catalog/Pages 2 0 R>>");
        pdf.Add("<</Type/Pages/Kids[3 0 R]/Count 1>>");
        pdf.Add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>");
        string key = string.Concat(Enumerable.Repeat("5A", 32));
        pdf.Add($"<</Filter/Standard/V 2/R 3/Length 128/P -4/O<{key}>/U<{key}>>>");
        return pdf.Write($"/Encrypt 4 0 R/ID[<{key[..32]}><{key[..32]}>]");
    }

    private static byte[] WithExif(byte[] tiff)
    {
        int length = tiff.Length + 8;
        return [.. Jpeg[..2], 0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. "Exif\0\0"u8, .. tiff, .. Jpeg[2..]];
    }

    private static byte[] WithJpegSize(byte[] jpeg, int width, int height)
    {
        byte[] copy = [.. jpeg];
        int frame = copy.AsSpan().IndexOf<byte>([0xFF, 0xC0, 0]);
        frame = frame >= 0 ? frame : copy.AsSpan().IndexOf<byte>([0xFF, 0xC2, 0]);
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(copy.AsSpan(frame + 7), (ushort)width);
        return copy;
    }

    private static byte[] WithGifSize(byte[] gif, ushort size)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(6), size);
        BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(8), size);
        return gif;
    }

    // One strip that claims 4 GB at the end of the file.
    private static byte[] Tiff(uint width, uint height)
    {
        (ushort Tag, uint Value)[] entries =
        [
            (256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 100), (277, 1), (278, height), (279, uint.MaxValue),
        ];
        MemoryStream tiff = new();
        using BinaryWriter writer = new(tiff);
        writer.Write("II*\0"u8);
        writer.Write(8);
        writer.Write((ushort)entries.Length);
        foreach ((ushort tag, uint value) in entries)
        {
            writer.Write(tag);
            writer.Write((ushort)4);
            writer.Write(1);
            writer.Write(value);
        }

        writer.Write(0);
        writer.Write(new byte[64]);
        writer.Flush();
        return tiff.ToArray();
    }
}
