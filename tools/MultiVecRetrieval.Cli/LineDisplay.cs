namespace MultiVecRetrieval.Cli;

/// <summary>Shows how far something is: a line redrawn in place on a terminal, otherwise a plain line every few seconds.</summary>
/// <param name="describe">The line.</param>
internal sealed class LineDisplay<T>(Func<T, string> describe) : IProgress<T>
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(3);
    private readonly Lock _gate = new();
    private long _lastWritten = -(long)PlainInterval.TotalMilliseconds;
    private bool _lineIsOpen;

    public void Report(T value)
    {
        lock (_gate)
        {
            if (Terminal.CanRedraw)
            {
                Console.Error.Write("\r\u001b[2K" + TerminalCells.Fit(describe(value), Math.Max(20, Terminal.Error.Profile.Width - 1)));
                _lineIsOpen = true;
            }
            else if (Environment.TickCount64 - _lastWritten >= PlainInterval.TotalMilliseconds)
            {
                _lastWritten = Environment.TickCount64;
                Console.Error.WriteLine(describe(value));
            }
        }
    }

    /// <summary>Ends the redrawn line, so that what follows starts on a line of its own.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            if (_lineIsOpen)
            {
                Console.Error.Write("\r\u001b[2K");
                _lineIsOpen = false;
            }
        }
    }
}
