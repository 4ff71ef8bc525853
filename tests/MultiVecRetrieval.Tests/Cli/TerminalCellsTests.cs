using MultiVecRetrieval.Cli;

namespace MultiVecRetrieval.Tests.Cli;

public class TerminalCellsTests
{
    [Theory] // Widths as UAX #11 gives them.
    [InlineData("report.pdf", 10)]
    [InlineData("\u6771\u4EAC.pdf", 8)] // two ideographs
    [InlineData("\uD55C\uAE00", 4)] // Hangul syllables
    [InlineData("e\u0301", 1)] // a combining accent
    [InlineData("\uFF21", 2)] // a full-width letter
    [InlineData("\U0001F600", 2)] // an emoji, two UTF-16 units
    [InlineData("\u2501\u2500", 2)] // the bar
    [InlineData("", 0)]
    public void Count_Text_IsItsWidth(string text, int expected) => Assert.Equal(expected, TerminalCells.Count(text));

    [Theory]
    [InlineData("\u6771\u4EAC", 3, "\u6771")]
    [InlineData("a\U0001F600b", 2, "a")]
    [InlineData("a\U0001F600b", 3, "a\U0001F600")]
    [InlineData("e\u0301x", 1, "e\u0301")]
    [InlineData("a\u001b[2Kb", 9, "a[2Kb")]
    [InlineData("abc", 3, "abc")]
    public void Fit_Text_EndsBeforeTheCellThatIsTooMany(string text, int cells, string expected) =>
        Assert.Equal(expected, TerminalCells.Fit(text, cells));
}
