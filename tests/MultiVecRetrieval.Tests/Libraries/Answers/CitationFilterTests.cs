using MultiVecRetrieval.Libraries.Answers;

namespace MultiVecRetrieval.Tests.Libraries.Answers;

public sealed class CitationFilterTests
{
    [Theory]
    [InlineData("So it is [1].", "So it is [1].", "")]
    [InlineData("So it is [4].", "So it is.", "4")]
    [InlineData("Both [1, 2] and [2][9]!", "Both [1][2] and [2]!", "9")]
    [InlineData("All [1-3], none [2-7], [0].", "All [1][2][3], none,.", "0 2-7")]
    [InlineData("It is \u30102\u3011 and [source 3].", "It is [2] and [3].", "")]
    [InlineData("a[i] and [see above] stay [", "a[i] and [see above] stay [", "")]
    [InlineData("huge [99999999999999999999]", "huge", "99999999999999999999")]
    public void Push_AnyCutOfAText_DropsWhatIsNoSource(string text, string expected, string dropped)
    {
        for (int size = 1; size <= text.Length; size++)
        {
            CitationFilter filter = new(sourceCount: 3);

            string passed = string.Concat(text.Chunk(size).Select(piece => filter.Push(new string(piece)))) + filter.Finish();

            Assert.Equal(expected, passed);
            Assert.Equal(expected, filter.Text);
            Assert.Equal(dropped, string.Join(' ', filter.Dropped));
        }
    }

    [Fact]
    public void Push_TextWithoutBrackets_IsPassedOnAtOnce()
    {
        CitationFilter filter = new(sourceCount: 1);

        Assert.Equal("The first", filter.Push("The first "));
        Assert.Equal(" word", filter.Push("word"));
    }
}
