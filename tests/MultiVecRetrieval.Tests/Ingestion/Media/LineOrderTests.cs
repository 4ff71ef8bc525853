using MultiVecRetrieval.Ingestion.Media;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Ingestion.Media;

/// <summary>Lines as they stand on a page, left to right; each word as wide as half its length, one high.</summary>
public sealed class LineOrderTests
{
    [Theory]
    [InlineData("\u05EA\u05D9\u05E0\u05D5\u05D1\u05E9\u05D7", "\u05D7\u05E9\u05D1\u05D5\u05E0\u05D9\u05EA")]
    [InlineData("\u05D3\u05D2 \u05D1\u05D0", "\u05D0\u05D1 \u05D2\u05D3")]
    [InlineData("12 34 \u05D1\u05D0", "\u05D0\u05D1 12 34")]
    [InlineData("\u05D3\u05D2\u05D3\u05D2 a file \u05D1\u05D0\u05D1\u05D0", "\u05D0\u05D1\u05D0\u05D1 a file \u05D2\u05D3\u05D2\u05D3")]
    [InlineData("a long line in english \u05D3\u05D2 \u05D1\u05D0 end", "a long line in english \u05D0\u05D1 \u05D2\u05D3 end")]
    [InlineData("(\u05D1\u05D0)", "(\u05D0\u05D1)")]
    [InlineData("plain words", "plain words")]
    public void Read_Line_IsInReadingOrder(string shown, string read)
    {
        List<PageWord> words = [];
        float x = 0;
        foreach (string word in shown.Split(' '))
        {
            words.Add(new PageWord(word, new Place(x, 0, x + (word.Length / 2f), 1)));
            x += (word.Length / 2f) + 0.5f;
        }

        Assert.Equal(read, string.Join(' ', LineOrder.Read(words, aspect: 1).Select(word => word.Text)));
    }

    // Glyphs of one word touch; a gap as wide as a blank parts words.
    [Fact]
    public void Read_RightToLeftLetterByLetter_GivesWords()
    {
        (string Letter, double Left, double Right)[] glyphs =
        [
            ("\u0629", 9.9, 20.6), ("\u064A", 20.9, 26.9), ("\u0628", 26.9, 32.9), ("\u064A", 32.9, 38.5), ("\u0631", 38.9, 49.9),
            ("\u0636", 49.9, 66.9), ("\u0629", 72.9, 83.4), ("\u0631", 83.0, 92.6), ("\u0648", 93.0, 103.3), ("\u062A", 103.0, 108.5),
            ("\u0627", 109.0, 115.1), ("\u0641", 115.0, 124.6),
        ];

        IReadOnlyList<PageWord> words = LineOrder.Read([.. glyphs.Select(glyph =>
            new PageWord(glyph.Letter, new Place((float)glyph.Left / 135, 0, (float)glyph.Right / 135, 23f / 44)))], aspect: 135f / 44);

        Assert.Equal(["\u0641\u0627\u062A\u0648\u0631\u0629", "\u0636\u0631\u064A\u0628\u064A\u0629"], words.Select(word => word.Text));
        Assert.Equal((72.9f / 135, 124.6f / 135), (words[0].Place.Left, words[0].Place.Right));
    }

    [Theory]
    [InlineData("ARCHIPELAGO", "ARCHIPELAGO")]
    [InlineData("OLD HARBOUR", "OLD HARBOUR")]
    public void Read_SpacedHeading_GivesWords(string heading, string read)
    {
        List<PageWord> words = [];
        float x = 0;
        foreach (char letter in heading)
        {
            if (letter == ' ')
            {
                x += 0.8f;
                continue;
            }

            words.Add(new PageWord(letter.ToString(), new Place(x, 0, x + 0.6f, 1)));
            x += 1.05f;
        }

        Assert.Equal(read, string.Join(' ', LineOrder.Read(words, aspect: 1).Select(word => word.Text)));
    }

    [Fact]
    public void Read_FewLettersOrWideColumns_StayApart()
    {
        PageWord[] few = [.. "abc".Select((letter, i) => new PageWord(letter.ToString(), new Place(i, 0, i + 0.6f, 1)))];
        PageWord[] wide = [.. "abcdefg".Select((letter, i) => new PageWord(letter.ToString(), new Place(4 * i, 0, (4 * i) + 0.6f, 1)))];

        Assert.Equal(3, LineOrder.Read(few, aspect: 1).Count);
        Assert.Equal(7, LineOrder.Read(wide, aspect: 1).Count);
    }
}
