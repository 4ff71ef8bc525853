using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

public sealed class MediaSnifferTests
{
    public static TheoryData<string, MediaFormat> Heads => new()
    {
        { "FF D8 FF E0", MediaFormat.Jpeg },
        { "89 50 4E 47 0D 0A 1A 0A", MediaFormat.Png },
        { "'RIFF' 00 00 00 00 'WEBP'", MediaFormat.WebP },
        { "'GIF87a'", MediaFormat.Gif },
        { "'GIF89a'", MediaFormat.Gif },
        { "'II' 2A 00", MediaFormat.Tiff },
        { "'MM' 00 2A", MediaFormat.Tiff },
        { "'II' 2B 00", MediaFormat.Tiff },
        { "'BM' 00 00 00 00 00 00 00 00 36 00 00 00 28 00 00 00 01 00 00 00 01 00 00 00", MediaFormat.Bmp },
        { "00 00 00 1C 'ftypavif' 00 00 00 00 'mif1'", MediaFormat.Avif },
        { "00 00 00 1C 'ftypmif1' 00 00 00 00 'mif1avif'", MediaFormat.Avif },
        { "00 00 00 1C 'ftypheic' 00 00 00 00 'mif1'", MediaFormat.Heif },
        { "00 00 00 1C 'ftypmif1' 00 00 00 00 'mif1heic'", MediaFormat.Heif },
        { "'<?xml version=\"1.0\"?><!-- x --><svg xmlns=\"\">'", MediaFormat.Svg },
        { "EF BB BF '  <svg>'", MediaFormat.Svg },
        { "'%PDF-1.7'", MediaFormat.Pdf },
        { "EF BB BF 0A '%PDF-1.7'", MediaFormat.Pdf },
        { "1B '%-12345X@PJL' 0A '%PDF-1.4'", MediaFormat.Pdf },
        { "00 00 00 18 'ftypisom' 00 00 02 00 'isomiso2'", MediaFormat.Mp4 },
        { "00 00 00 14 'ftypqt  ' 00 00 02 00", MediaFormat.Mp4 },
        { "00 00 00 08 'wide' 00 00 10 00 'mdat'", MediaFormat.Mp4 },
        { "1A 45 DF A3", MediaFormat.Matroska },
        { "'RIFF' 00 00 00 00 'AVI LIST'", MediaFormat.Avi },
        { "00 00 01 BA", MediaFormat.MpegPs },
        { "00 00 01 B3", MediaFormat.MpegPs },
        { "'OggS' 00 02", MediaFormat.Ogg },
        { "30 26 B2 75 8E 66 CF 11 A6 D9 00 AA 00 62 CE 6C", MediaFormat.Asf },
        { "'FLV' 01 05 00 00 00 09", MediaFormat.Flv },
        { "", MediaFormat.Unknown },
        { "FF D8", MediaFormat.Unknown },
        { "'BMW is a make of cars, and this is a text about it'", MediaFormat.Unknown },
        { "'IIa text'", MediaFormat.Unknown },
        { "'moovie stars and other people'", MediaFormat.Unknown },
        { "'<!DOCTYPE html><html><body><svg></svg>'", MediaFormat.Html },
        { "EF BB BF 0A '<!-- saved --><HTML lang=en>'", MediaFormat.Html },
        { "'<?xml version=\"1.0\"?><!DOCTYPE html SYSTEM>'", MediaFormat.Html },
        { "'<htmlx>'", MediaFormat.Unknown },
        { "'Text about <html> pages'", MediaFormat.Unknown },
        { "'#EXTM3U' 0A 'http://example.org/x.ts'", MediaFormat.Unknown },
        { "'ffconcat version 1.0'", MediaFormat.Unknown },
        { "'A note on %PDF-1.4 files'", MediaFormat.Unknown },
        { "'RIFF' 00 00 00 00 'WAVE'", MediaFormat.Unknown },
        { "'PK' 03 04", MediaFormat.Unknown },
        { "'ID3' 03 00", MediaFormat.Unknown },
        { "'GGGGGGGGGGGG'", MediaFormat.Unknown },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void Detect_FirstBytes_TellTheFormat(string head, MediaFormat expected)
    {
        Assert.Equal(expected, MediaSniffer.Detect(Parse(head)));
    }

    [Theory]
    [InlineData(0, 188)]
    [InlineData(4, 192)]
    public void Detect_FourSyncBytes_IsATransportStream(int first, int distance)
    {
        byte[] head = new byte[900];
        for (int i = 0; i < 4; i++)
        {
            head[first + (i * distance)] = 0x47;
        }

        Assert.Equal(MediaFormat.MpegTs, MediaSniffer.Detect(head));
        head[first + (3 * distance)] = 0;
        Assert.Equal(MediaFormat.Unknown, MediaSniffer.Detect(head));
    }

    [Fact]
    public void Detect_AnyPrefixOfAnyHead_DoesNotThrow()
    {
        foreach (TheoryDataRow<string, MediaFormat> row in Heads)
        {
            byte[] head = Parse(row.Data.Item1);
            for (int length = 0; length <= head.Length; length++)
            {
                _ = MediaSniffer.Detect(head.AsSpan(0, length));
            }
        }
    }

    [Fact]
    public void GetMediaType_EveryFormat_IsPictureDocumentVideoTextOrNone()
    {
        Dictionary<MediaType, int> counts = Enum.GetValues<MediaFormat>().Select(MediaSniffer.GetMediaType)
            .Where(type => type is not null).GroupBy(type => type!.Value).ToDictionary(group => group.Key, group => group.Count());

        Assert.Equal((7, 1, 8, 8),
            (counts[MediaType.Image], counts[MediaType.Page], counts[MediaType.Video], counts[MediaType.Text]));
        Assert.All(Enum.GetValues<MediaFormat>(), format => Assert.Contains('/', MediaSniffer.GetContentType(format)));
    }

    // Hexadecimal bytes and texts in single quotes.
    private static byte[] Parse(string head)
    {
        List<byte> bytes = [];
        string[] parts = head.Split('\'');
        for (int i = 0; i < parts.Length; i++)
        {
            bytes.AddRange(i % 2 == 1
                ? System.Text.Encoding.ASCII.GetBytes(parts[i])
                : Convert.FromHexString(parts[i].Replace(" ", "", StringComparison.Ordinal)));
        }

        return [.. bytes];
    }
}
