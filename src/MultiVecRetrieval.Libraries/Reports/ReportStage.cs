namespace MultiVecRetrieval.Libraries.Reports;

/// <summary>Tells how far a stage of a report is, at most a hundred times.</summary>
internal sealed class ReportStage(IProgress<ReportProgress>? progress, string name, int total) : IProgress<int>
{
    private int _told = -1;

    public void Report(int value)
    {
        int share = total == 0 ? 100 : (int)(100L * value / total);
        if (share != _told)
        {
            _told = share;
            progress?.Report(new ReportProgress(name, value, total));
        }
    }
}
