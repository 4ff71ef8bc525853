using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Ingestion.Texts;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Ingestion.Texts;

/// <summary>How long text becomes parts, and where its words are said to stand.</summary>
public sealed class TextCutterTests
{
    [Theory]
    [InlineData("one two three\n\nfour five six\nseven", "one two three\n\n")]
    [InlineData("one two three\nfour five six seven", "one two three\n")]
    [InlineData("one two. three four five six seven", "one two. ")]
    [InlineData("onetwothreefourfivesixseven", "onetwothreefour")]
    public void Cut_Text_EndsWhereItHurtsLeast(string text, string first)
    {
        string[] pieces = [.. TextCutter.Cut(text, first == "one two three\n\n" ? 20 : 15)];

        Assert.Equal(first, pieces[0]);
        Assert.Equal(text, string.Concat(pieces));
    }

    [Fact]
    public void Cut_SurrogatePairs_StayWhole()
    {
        string text = "x" + string.Concat(Enumerable.Repeat("\U0001F6A2", 50));

        string[] pieces = [.. TextCutter.Cut(text, 8)];

        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.False(char.IsHighSurrogate(piece[^1])));
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 8));
    }

    [Fact]
    public void Sections_LineOf50Megabytes_AreBounded()
    {
        IReadOnlyList<TextPart> parts = SectionBuilder.Cut(new string('a', 50 << 20));

        Assert.All(parts, part => Assert.InRange(part.Text.Length, 1, TextContent.MaxPartLength));
        Assert.Equal(50 << 20, parts.Sum(part => part.Text.Length));
        Assert.InRange(parts.Count, 1, new MediaLimits().MaxPages);
    }

    [Fact]
    public void Layer_WordsOfLines_StandBelowEachOther()
    {
        const string Text = "first line\n\nsecond block \u6E2F\u3067\u3001\u6F6E\u3092";

        TextLayer layer = SectionLayer.Of(Text);

        Assert.Equal(["first", "line", "second", "block", "\u6E2F\u3067\u3001", "\u6F6E\u3092"],
            layer.Words.Select(word => Text.Substring(word.Offset, word.Length)));
        Assert.Equal(new Place(0, 0, 1, 1f / 3), layer.Words[0].Place);
        Assert.Equal(layer.Words[0].Place, layer.Words[1].Place);
        Assert.Equal((2f / 3, 1f), (layer.Words[2].Place.Top, layer.Words[2].Place.Bottom));
    }

    [Fact]
    public void Layer_LongLine_IsSetInLinesOfOneWidth()
    {
        TextLayer layer = SectionLayer.Of(string.Join(' ', Enumerable.Repeat("word", 100)));

        // 16 words of 5 characters stand in a line of 80, the last without its space; 100 words make 7 lines.
        Assert.Equal(7, layer.Words.Select(word => word.Place).Distinct().Count());
        Assert.Equal(1, layer.Words[^1].Place.Bottom);
    }

    [Fact]
    public void Layer_WordWithoutEnd_IsCut()
    {
        TextLayer layer = SectionLayer.Of(new string('x', 1000));

        Assert.All(layer.Words, word => Assert.InRange(word.Length, 1, 60));
        Assert.Equal(1000, layer.Words.Sum(word => word.Length));
    }
}
