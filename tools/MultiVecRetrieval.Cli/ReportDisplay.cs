namespace MultiVecRetrieval.Cli;

/// <summary>Shows how far a report is: a line redrawn in place on a terminal, otherwise a line each stage and every ten seconds.</summary>
internal sealed class ReportDisplay : IProgress<ReportProgress>
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly bool _redraw = Terminal.CanRedraw;
    private long _writtenAt;
    private string? _stage;

    public void Report(ReportProgress value)
    {
        lock (_gate)
        {
            string line = $"{value.Stage}: {value.Done} of {value.Total}";
            if (_redraw)
            {
                Console.Error.Write("\r\u001b[2K" + TerminalCells.Fit(line, Math.Max(20, Terminal.Error.Profile.Width - 1)));
            }
            else if (_stage != value.Stage || System.Diagnostics.Stopwatch.GetElapsedTime(_writtenAt) >= PlainInterval)
            {
                _writtenAt = System.Diagnostics.Stopwatch.GetTimestamp();
                Console.Error.WriteLine(line);
            }

            _stage = value.Stage;
        }
    }

    /// <summary>Ends the redrawn line, so that what follows starts on a line of its own.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            if (_redraw && _stage is not null)
            {
                Console.Error.Write("\r\u001b[2K");
            }

            _stage = null;
        }
    }
}
