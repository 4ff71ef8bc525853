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
}
