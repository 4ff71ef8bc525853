using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

public sealed class BitmapDecoderTests
{
    private static readonly byte[] Palette = [30, 20, 10, 0, 60, 50, 40, 0, 90, 80, 70, 0];

    [Theory]
    // Two pixels a row, the lower row first; the palette's colours 0, 1, 2 are (10,20,30), (40,50,60), (70,80,90).
    [InlineData(1, 0, "40 00 00 00 80 00 00 00")]
    [InlineData(4, 0, "01 00 00 00 10 00 00 00")]
    [InlineData(8, 0, "00 01 00 00 01 00 00 00")]
    [InlineData(8, 1, "01 00 01 01 00 00 01 01 01 00 00 01")]
    [InlineData(8, 1, "01 00 01 01 00 00 00 02 00 00 01 01 01 00 00 01")]
    [InlineData(4, 2, "02 01 00 00 02 10 00 01")]
    [InlineData(24, 0, "1E 14 0A 3C 32 28 00 00 3C 32 28 1E 14 0A 00 00")]
    [InlineData(32, 0, "1E 14 0A FF 3C 32 28 00 3C 32 28 7F 1E 14 0A 00")]
    public void Decode_EveryKind_GivesTheSamePixels(int bits, int compression, string data)
    {
        byte[] palette = bits > 8 ? [] : [.. Palette, .. new byte[(4 << bits) > Palette.Length ? (4 << bits) - Palette.Length : 0]];
        byte[] bytes = Convert.FromHexString(data.Replace(" ", "", StringComparison.Ordinal));

        RgbImage image =
            BitmapDecoder.Decode(HostileCorpus.Bitmap(2, 2, bits, compression, bytes, palette[..Math.Max(bits > 8 ? 0 : 4 << bits, 0)]),
            new MediaLimits());

        Assert.Equal([40, 50, 60, 10, 20, 30, 10, 20, 30, 40, 50, 60], image.Pixels);
    }

    [Fact]
    public void Decode_NegativeHeight_IsTopDown()
    {
        byte[] file = HostileCorpus.Bitmap(1, -2, 24, 0, [3, 2, 1, 0, 6, 5, 4, 0]);

        RgbImage image = new ImageDecoder(new MediaLimits()).Decode(file);

        Assert.Equal([1, 2, 3, 4, 5, 6], image.Pixels);
    }

    [Fact]
    public void Decode_SixteenBits_SpreadsFieldsOverTheRange()
    {
        byte[] file = HostileCorpus.Bitmap(2, 1, 16, 0, [0xFF, 0x7F, 0x00, 0x7C]);

        RgbImage image = new ImageDecoder(new MediaLimits()).Decode(file);

        Assert.Equal([255, 255, 255, 255, 0, 0], image.Pixels);
    }

    [Fact]
    public void Decode_BitFields565_FollowsTheMasks()
    {
        byte[] masks = [0, 0xF8, 0, 0, 0xE0, 7, 0, 0, 0x1F, 0, 0, 0];
        byte[] file = HostileCorpus.Bitmap(2, 1, 16, 3, [0xE0, 0x07, 0x1F, 0x00], masks);

        RgbImage image = new ImageDecoder(new MediaLimits()).Decode(file);

        Assert.Equal([0, 255, 0, 0, 0, 255], image.Pixels);
    }

    [Theory] // A black pixel on a transparent ground whose hidden colour is black too: only with its alpha is anything to be seen.
    [InlineData(6, 40, 0)]
    [InlineData(3, 56, 0)]
    // Where the header declares no alpha, the fourth byte means nothing.
    [InlineData(3, 40, 255)]
    public void Decode_AlphaAsDeclared_IsPutOnWhite(int compression, int headerLength, byte hidden)
    {
        byte[] masks = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 0, 0, 0, 255];
        byte[] file = HostileCorpus.Bitmap(2, 1, 32, compression, [0, 0, 0, 255, 0, 0, 0, 0], masks);
        file[14] = (byte)headerLength;

        RgbImage image = new ImageDecoder(new MediaLimits()).Decode(file);

        byte ground = (byte)(255 - hidden);
        Assert.Equal([0, 0, 0, ground, ground, ground], image.Pixels);
    }

    [Fact]
    public void DecodeFile_Bitmap_HasSizeAndThumbnail()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a", HostileCorpus.Bitmap(40, 20, 24, 0, new byte[40 * 20 * 3]));
        ImageDecoder decoder = new(new MediaLimits());

        RgbImage thumbnail = decoder.Decode(decoder.CreateThumbnail(path, 10));

        Assert.Equal((40, 20), decoder.ReadSize(path));
        Assert.Equal((10, 5), (thumbnail.Width, thumbnail.Height));
    }
}
