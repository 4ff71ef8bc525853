using System.Text;
using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Texts;

namespace MultiVecRetrieval.Tests.Ingestion.Texts;

public sealed class TextDecoderTests
{
    private const string German = "Über den Dächern läuft die Straße müde an Gärten vorüber, größer als gedacht.";
    private const string Russian = "Корабли ждут прилива в гавани, и капитан считает мачты у причала до самого утра.";
    private const string Japanese = "船は港で潮を待っています。船長は朝まで桟橋でマストを数えていました。漁師たちは網を直しています。";

    public static TheoryData<string, string> Encodings => new()
    {
        { "utf-8", German }, { "utf-16", German }, { "utf-16BE", German }, { "utf-32", German }, { "utf-32BE", German },
        { "utf-16", Japanese }, { "windows-1252", German }, { "windows-1251", Russian }, { "koi8-r", Russian }, { "shift_jis", Japanese },
        { "euc-jp", Japanese }, { "iso-2022-jp", Japanese }, { "gb18030", "渔船在港口等待潮水。船长在码头上数着桅杆，直到天亮。渔民们正在修补渔网。" },
        { "euc-kr", "배들은 항구에서 밀물을 기다린다. 선장은 아침까지 부두에서 돛대를 세고 있었다." },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Decode_WithoutMark_IsTheText(string encoding, string text)
    {
        System.Text.Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

        // UTF-16 of a writing without Latin letters has few zeros; programs write it with its mark.
        if (encoding == "utf-16" && text == Japanese)
        {
            Assert.Equal(text, TextDecoder.Decode([0xFF, 0xFE, .. System.Text.Encoding.Unicode.GetBytes(text)]));
            return;
        }

        Assert.Equal(text, TextDecoder.Decode(System.Text.Encoding.GetEncoding(encoding).GetBytes(text)));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [InlineData("utf-32BE")]
    public void Decode_WithMark_IsTheTextWithoutIt(string name)
    {
        System.Text.Encoding encoding = System.Text.Encoding.GetEncoding(name);

        Assert.Equal(German, TextDecoder.Decode([.. encoding.GetPreamble(), .. encoding.GetBytes(German)]));
    }

    [Fact]
    public void Decode_LineEndsAndControls_AreLinesAndSpaces()
    {
        Assert.Equal("a\nb\nc\td e", TextDecoder.Decode("a\r\nb\rc\td\0e"u8));
        Assert.Equal("", TextDecoder.Decode([]));
    }

    [Fact]
    public void Decode_FewBadBytesInMuchUtf8_AreDamage()
    {
        byte[] bytes = [.. System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Russian, 20))), 0xFF, .. "end"u8];

        Assert.EndsWith("\uFFFDend", TextDecoder.Decode(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_Binary_IsRefused()
    {
        byte[] noise = new byte[5000];
        new Random(Seed: 3).NextBytes(noise);

        Assert.Throws<MediaException>(() => TextDecoder.Decode(noise));
        Assert.Throws<MediaException>(() => TextDecoder.Decode(new byte[5000]));
        Assert.Throws<MediaException>(() => TextDecoder.Decode([0x7F, .. "ELF"u8, 2, 1, 1, .. new byte[60]]));
    }
}
