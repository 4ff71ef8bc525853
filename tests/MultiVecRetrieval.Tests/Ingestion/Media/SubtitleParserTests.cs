using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

public sealed class SubtitleParserTests
{
    [Fact]
    public void Parse_SubRip_GivesWordsWithTheirTimes()
    {
        TextLayer text = SubtitleParser.Parse(
            "1\r\n00:00:01,500 --> 00:00:04,000\r\n<i>The harbour</i>\r\nis open.\r\n\r\n2\r\n01:00:05,000 --> 01:00:06,250\r\nGood night\r\n", 1000);

        Assert.Equal("The harbour is open.\nGood night", text.Text);
        Assert.Equal((1.5f, 4f), (text.Words[0].Place.StartSeconds, text.Words[0].Place.EndSeconds));
        Assert.Equal((3605f, 3606.25f), (text.Words[^1].Place.StartSeconds, text.Words[^1].Place.EndSeconds));
    }

    // Example of the WebVTT specification: header, notes, styles and settings are no speech.
    [Fact]
    public void Parse_WebVtt_LeavesOutWhatNobodySays()
    {
        TextLayer text = SubtitleParser.Parse(
            "WEBVTT - title\n\nNOTE this is a comment\n\nSTYLE\n::cue { color: red }\n\n"
            + "intro\n00:11.000 --> 00:13.000 align:start\n<v Roger Bingham>We are in New York &amp; <c.loud>happy</c>\n", 1000);

        Assert.Equal("We are in New York & happy", text.Text);
        Assert.All(text.Words, word => Assert.Equal((11f, 13f), (word.Place.StartSeconds, word.Place.EndSeconds)));
    }

    [Fact]
    public void Parse_RollingCaptions_SaysEachLineOnce() => Assert.Equal(
        "one two\nthree",
        SubtitleParser.Parse("00:01.000 --> 00:02.000\none two\n\n00:02.000 --> 00:03.000\none two\nthree\n", 1000).Text);

    [Fact]
    public void Parse_TooMuchText_NamesTheSetting()
    {
        string text = "00:01.000 --> 00:02.000\n" + new string('a', 200);

        Assert.Equal("media:maxPageTextLength", Assert.Throws<MediaException>(() => SubtitleParser.Parse(text, 100)).Setting);
    }

    [Fact]
    public void Parse_Anything_NeverFailsOtherwise()
    {
        Random random = new(Seed: 3);
        const string Alphabet = "0123456789:,.-> \n\r<>{}\\&;ab\u0000";
        for (int i = 0; i < 3000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(120)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            TextLayer layer = SubtitleParser.Parse("00:01.000 --> 00:02.000\n" + text, 10_000);
            Assert.All(layer.Words, word => Assert.InRange(word.Offset + word.Length, 1, layer.Text.Length));
        }
    }
}
