using MultiVecRetrieval.Cli;

namespace MultiVecRetrieval.Tests.Cli;

public class ProgressDisplayTests
{
    [Fact]
    public void Describe_RunUnderWay_ShowsCountsRateAndTimeLeft()
    {
        IndexProgress progress = new()
        {
            FilesDone = 3,
            FilesTotal = 10,
            EntriesDone = 25,
            EntriesTotal = 100,
            FilesFailed = 1,
            EntriesPerSecond = 2.5,
            Elapsed = TimeSpan.FromSeconds(10),
            Remaining = TimeSpan.FromSeconds(3700),
            CurrentFile = "a.pdf",
        };

        Assert.Equal("3/10 files, 25/100 entries, 1 failed, 2.5/s, 0:10, 1:01:40 left  a.pdf",
            ProgressDisplay.Describe(progress, withBar: false));
        Assert.StartsWith("━━━━━━────────────────── ", ProgressDisplay.Describe(progress, withBar: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FileProgressUnit.Seconds, 75.4, 600, "a.bin (1:15 of 10:00)")]
    [InlineData(FileProgressUnit.Pages, 75, 1600, "a.bin (words of page 75 of 1600)")]
    [InlineData(FileProgressUnit.Sections, 3, 20, "a.bin (section 3 of 20)")]
    public void Describe_LongFile_SaysHowFarItIs(FileProgressUnit unit, double done, double total, string expected)
    {
        IndexProgress progress = new() { CurrentFile = "b.pdf", Reading = new FileProgress("a.bin", done, total, unit) };

        Assert.EndsWith("  " + expected, ProgressDisplay.Describe(progress, withBar: false), StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_SecondPass_ShowsItsPagesAndItsShare()
    {
        IndexProgress progress = new() { EntriesDone = 8, EntriesTotal = 8, PagesRecognized = 2, PagesToRecognize = 8 };

        Assert.Contains("8/8 entries, text of 2/8 pages", ProgressDisplay.Describe(progress, withBar: false), StringComparison.Ordinal);
        Assert.Contains(" 25%", ProgressDisplay.Describe(progress, withBar: true), StringComparison.Ordinal);
    }
}
