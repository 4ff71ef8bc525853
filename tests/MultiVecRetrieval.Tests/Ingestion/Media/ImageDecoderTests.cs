using System.Buffers.Binary;
using System.IO.Compression;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

public sealed class ImageDecoderTests
{
    private static readonly ImageDecoder Decoder = new(new MediaLimits());

    [Theory]
    [InlineData("pngsave_buffer", 0)]
    [InlineData("tiffsave_buffer", 0)]
    [InlineData("webpsave_buffer", 0, "lossless", "true")]
    [InlineData("jpegsave_buffer", 6, "Q", "98")]
    [InlineData("gifsave_buffer", 24)]
    [InlineData("heifsave_buffer", 12, "compression", "av1")]
    public void Decode_EveryFormat_GivesThePixels(string saver, int tolerance, string? name = null, string? value = null)
    {
        RgbImage original = PictureSource.Gradient(80, 48);
        byte[] file = PictureSource.Save(original, saver, name is null ? [] : [(name, value!)]);

        RgbImage decoded = Decoder.Decode(file);

        Assert.Equal((80, 48), (decoded.Width, decoded.Height));
        Assert.InRange(MeanDifference(original, decoded), 0, tolerance);
    }

    [Theory]
    // Samples in the file and the pixel they mean, for each colour type and bit depth of PNG.
    [InlineData(0, 1, new byte[] { 0x80 }, 255, 255, 255)]
    [InlineData(0, 2, new byte[] { 0x40 }, 85, 85, 85)]
    [InlineData(0, 4, new byte[] { 0xA0 }, 170, 170, 170)]
    [InlineData(0, 8, new byte[] { 77 }, 77, 77, 77)]
    [InlineData(0, 16, new byte[] { 0x12, 0xFF }, 0x12, 0x12, 0x12)]
    [InlineData(2, 8, new byte[] { 1, 2, 3 }, 1, 2, 3)]
    [InlineData(2, 16, new byte[] { 0x10, 0xF0, 0x20, 0xF0, 0x30, 0xF0 }, 0x10, 0x20, 0x30)]
    [InlineData(4, 8, new byte[] { 90, 0 }, 90, 90, 90)]
    [InlineData(4, 16, new byte[] { 0x44, 0, 0, 0 }, 0x44, 0x44, 0x44)]
    [InlineData(6, 8, new byte[] { 10, 20, 30, 0 }, 10, 20, 30)]
    [InlineData(6, 16, new byte[] { 10, 0, 20, 0, 30, 0, 0, 0 }, 10, 20, 30)]
    public void Decode_Png_DropsAlphaAndKeepsTheHighByte(int colorType, int bitDepth, byte[] samples, int red, int green, int blue)
    {
        byte[] file = PictureSource.Png(1, 1, bitDepth, colorType, samples);

        RgbImage decoded = Decoder.Decode(file);

        Assert.Equal([(byte)red, (byte)green, (byte)blue], decoded.Pixels);
    }

    [Theory]
    // A visible dark pixel beside a transparent one that hides black: the ground is white, whatever the channels and their depth.
    [InlineData(6, 8, new byte[] { 0, 0, 0, 255, 0, 0, 0, 0 }, 0, 255)]
    [InlineData(6, 16, new byte[] { 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0 }, 0, 255)]
    [InlineData(4, 8, new byte[] { 0, 255, 0, 0 }, 0, 255)]
    [InlineData(4, 16, new byte[] { 0, 0, 255, 255, 0, 0, 0, 0 }, 0, 255)]
    // A white one would vanish on white.
    [InlineData(6, 8, new byte[] { 255, 255, 255, 255, 255, 255, 255, 0 }, 255, 0)]
    [InlineData(4, 8, new byte[] { 250, 255, 250, 0 }, 250, 0)]
    public void Decode_Transparency_WhatIsVisibleStandsOut(int colorType, int bitDepth, byte[] samples, int visible, int ground)
    {
        byte[] file = PictureSource.Png(2, 1, bitDepth, colorType, samples);

        RgbImage decoded = Decoder.Decode(file);

        Assert.Equal([visible, visible, visible, ground, ground, ground], decoded.Pixels.Select(sample => (int)sample));
    }

    [Fact]
    public void Decode_PaletteWithATransparentColor_IsOnWhite()
    {
        byte[] file = PictureSource.Png(2, 1, 8, 3, [1, 0], ("PLTE", [0, 0, 0, 20, 10, 50]), ("tRNS", [0]));

        RgbImage decoded = Decoder.Decode(file);

        Assert.Equal([20, 10, 50, 255, 255, 255], decoded.Pixels);
    }

    [Fact]
    public void DecodeFile_JpegWithoutItsEndMarker_IsWholeAndSaidToBeDamaged()
    {
        using TemporaryFolder folder = new();
        byte[] jpeg = PictureSource.Save(PictureSource.Gradient(64, 48), "jpegsave_buffer");
        string path = folder.Write("open.jpg", jpeg[..^2]);
        string? damage = null;

        RgbImage decoded = Decoder.DecodeFile(path, frame: 0, text => damage = text);

        Assert.Equal(Decoder.Decode(jpeg).Pixels, decoded.Pixels);
        Assert.Contains("the marker of its end is missing", damage, StringComparison.Ordinal);
        Assert.NotEmpty(Decoder.CreateThumbnail(path, 32));
        string cut = folder.Write("cut.jpg", jpeg[..(jpeg.Length * 3 / 4)]);
        Assert.Throws<MediaException>(() => Decoder.DecodeFile(cut));
    }

    [Theory]
    [InlineData("adler", "Adler-32")]
    [InlineData("IHDR", "what surrounds its pixels")]
    [InlineData("PLTE", "what surrounds its pixels")]
    [InlineData("IDAT", "IDAT")]
    [InlineData("IEND", null)] // libpng does not look at the checksum of the end, which has no content.
    public void DecodeFile_PngWithAWrongChecksum_IsWholeAndSaidToBeDamaged(string where, string? said)
    {
        using TemporaryFolder folder = new();
        byte[] rows = [0, 0, 1, 0, 1, 0];
        byte[] whole = PictureSource.PngFrom(2, 2, 8, 3, rows, ("PLTE", [9, 8, 7, 200, 100, 50]));
        byte[] wrong = where == "adler" ? WithWrongAdler(rows) : WithWrongChecksum(whole, where);
        string path = folder.Write("wrong.png", wrong);
        string? damage = null;

        RgbImage decoded = Decoder.DecodeFile(path, frame: 0, text => damage = text);

        Assert.Equal([9, 8, 7, 200, 100, 50, 200, 100, 50, 9, 8, 7], decoded.Pixels);
        Assert.Equal((2, 2), Decoder.ReadSize(path));
        Assert.NotEmpty(Decoder.CreateThumbnail(path, 32));
        Assert.Equal(said is null, damage is null);
        Assert.Contains(said ?? "", damage ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void DecodeFile_PngWithBothChecksumsWrongOrRowsMissing_IsRefused()
    {
        using TemporaryFolder folder = new();
        byte[] rows = [0, 0, 1, 0, 1, 0];
        byte[] whole = PictureSource.PngFrom(2, 2, 8, 3, rows, ("PLTE", [9, 8, 7, 200, 100, 50]));
        string[] refused =
        [
            folder.Write("both.png", WithWrongChecksum(WithWrongAdler(rows), "IDAT")),
            folder.Write("rows.png", WithWrongChecksum(PictureSource.PngFrom(2, 2, 8, 0, rows[..3]), "IDAT")),
            folder.Write("cut.png", whole[..^20]),
        ];

        Assert.All(refused, path => Assert.Throws<MediaException>(() => Decoder.DecodeFile(path, frame: 0, damage: null)));
    }

    [Fact]
    public void DecodeFile_FrameOfAnAnimation_IsThatFrame()
    {
        using TemporaryFolder folder = new();
        RgbImage strip = PictureSource.Gradient(64, 144);
        string path = folder.Write("moving.gif", PictureSource.Save(strip, "gifsave_buffer", ("page-height", "48")));

        Assert.Equal(3, Decoder.CountFrames(path));
        Assert.NotEqual(Decoder.DecodeFile(path).Pixels, Decoder.DecodeFile(path, frame: 2, damage: null).Pixels);
    }

    [Fact]
    public void Decode_PaletteWithTransparency_GivesThePaletteColors()
    {
        byte[] file = PictureSource.Png(2, 1, 8, 3, [1, 0], ("PLTE", [9, 8, 7, 200, 100, 50]), ("tRNS", [0, 0]));

        RgbImage decoded = Decoder.Decode(file);

        Assert.Equal([200, 100, 50, 9, 8, 7], decoded.Pixels);
    }

    [Theory]
    // Where the upper left stored corner (dark red and green) is seen, from the definition of the tag.
    [InlineData(1, 0, 0, false)]
    [InlineData(2, 1, 0, false)]
    [InlineData(3, 1, 1, false)]
    [InlineData(4, 0, 1, false)]
    [InlineData(5, 0, 0, true)]
    [InlineData(6, 1, 0, true)]
    [InlineData(7, 1, 1, true)]
    [InlineData(8, 0, 1, true)]
    public void DecodeFile_Orientation_IsApplied(int orientation, int right, int bottom, bool swaps)
    {
        using TemporaryFolder folder = new();
        byte[] jpeg = PictureSource.Save(PictureSource.Gradient(64, 40), "jpegsave_buffer", ("Q", "95"));
        string path = folder.Write("turned.jpg", PictureSource.WithOrientation(jpeg, orientation));

        RgbImage decoded = Decoder.DecodeFile(path);

        Assert.Equal(swaps ? (40, 64) : (64, 40), (decoded.Width, decoded.Height));
        Assert.Equal((decoded.Width, decoded.Height), Decoder.ReadSize(path));
        int x = right * (decoded.Width - 1);
        int y = bottom * (decoded.Height - 1);
        Assert.InRange(decoded.Pixels[((y * decoded.Width) + x) * 3], 0, 16);
        Assert.InRange(decoded.Pixels[(((y * decoded.Width) + x) * 3) + 1], 0, 16);
        // The stored upper right corner is red; it is found along the other axis exactly when the sides are swapped.
        (int redX, int redY) = swaps ? (x, decoded.Height - 1 - y) : (decoded.Width - 1 - x, y);
        Assert.InRange(decoded.Pixels[((redY * decoded.Width) + redX) * 3], 235, 255);
    }

    [Fact]
    public void Decode_CmykTiff_IsConvertedAsPillowDoes()
    {
        byte[] file = CmykTiff([100, 50, 200, 30, 10, 220, 90, 128, 1, 2, 3, 4, 0, 0, 0, 255]);

        RgbImage decoded = Decoder.Decode(file);

        Assert.Equal([137, 181, 49, 122, 17, 82, 250, 249, 248, 0, 0, 0], decoded.Pixels);
    }

    [Fact]
    public void Decode_Svg_SaysWhyNot()
    {
        MediaException error = Assert.Throws<MediaException>(() => Decoder.Decode("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray()));

        Assert.Contains("SVG", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_ManyThreadsGoodAndBad_EachGetsItsOwnAnswer()
    {
        byte[] png = PictureSource.Save(PictureSource.Gradient(60, 40), "pngsave_buffer");
        byte[] gif = PictureSource.Save(PictureSource.Gradient(60, 40), "gifsave_buffer");

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            byte[] file = i % 2 == 0 ? png : gif;
            Assert.Equal(60, Decoder.Decode(file).Width);
            MediaException error = Assert.Throws<MediaException>(() => Decoder.Decode(file.AsMemory(0, 60)));
            Assert.Contains(i % 2 == 0 ? "png" : "gif", error.Reason, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(i % 2 == 0 ? "gif" : "png", error.Reason, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public void Decode_MorePixelsThanTheLimit_NamesTheSetting()
    {
        byte[] file = PictureSource.Save(PictureSource.Gradient(40, 30), "pngsave_buffer");

        MediaException error =
            Assert.Throws<MediaException>(() => new ImageDecoder(new MediaLimits { MaxImagePixels = 1199 }).Decode(file));

        Assert.Equal("media:maxImagePixels", error.Setting);
        Assert.Contains("40 × 30", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateThumbnail_LargePicture_FitsAndKeepsItsLook()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("large", PictureSource.Save(PictureSource.Gradient(1200, 600), "jpegsave_buffer"));

        RgbImage thumbnail = Decoder.Decode(Decoder.CreateThumbnail(path, 100));
        RgbImage encoded = Decoder.Decode(Decoder.EncodeJpeg(PictureSource.Gradient(1200, 600), 100));

        Assert.Equal((100, 50), (thumbnail.Width, thumbnail.Height));
        Assert.Equal((100, 50), (encoded.Width, encoded.Height));
        Assert.InRange(MeanDifference(PictureSource.Gradient(100, 50), thumbnail), 0, 5);
        Assert.InRange(MeanDifference(PictureSource.Gradient(100, 50), encoded), 0, 5);
    }

    // One row of pixels in one strip; PhotometricInterpretation 5 is separated inks.
    private static byte[] CmykTiff(byte[] inks)
    {
        (ushort Tag, ushort Type, int Count, int Value)[] entries =
        [
            (256, 4, 1, inks.Length / 4), (257, 4, 1, 1), (258, 3, 4, 122), (259, 3, 1, 1), (262, 3, 1, 5), (273, 4, 1, 130),
                (277, 3, 1, 4), (278, 4, 1, 1), (279, 4, 1, inks.Length),
        ];
        using MemoryStream tiff = new();
        using BinaryWriter writer = new(tiff);
        writer.Write("II*\0"u8);
        writer.Write(8);
        writer.Write((ushort)entries.Length);
        foreach ((ushort tag, ushort type, int count, int value) in entries)
        {
            writer.Write(tag);
            writer.Write(type);
            writer.Write(count);
            writer.Write(value);
        }

        writer.Write(0);
        writer.Write([8, 0, 8, 0, 8, 0, 8, 0]);
        writer.Write(inks);
        writer.Flush();
        return tiff.ToArray();
    }

    private static double MeanDifference(RgbImage a, RgbImage b) =>
        a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y)).Average();

    private static byte[] WithWrongAdler(byte[] rows)
    {
        MemoryStream packed = new();
        using (ZLibStream zlib = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        byte[] bytes = packed.ToArray();
        bytes[^1] ^= 0x55;
        return PictureSource.PngFromPacked(2, 2, 8, 3, bytes, ("PLTE", [9, 8, 7, 200, 100, 50]));
    }

    private static byte[] WithWrongChecksum(byte[] png, string chunk)
    {
        int at = png.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(chunk));
        int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at - 4));
        byte[] wrong = [.. png];
        wrong[at + 4 + length] ^= 0x55;
        return wrong;
    }
}
