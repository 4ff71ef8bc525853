using System.Globalization;
using MultiVecRetrieval.Encoding.Hub;

namespace MultiVecRetrieval.Cli;

/// <summary>Shows how far a model is fetched: a line redrawn in place on a terminal, otherwise a plain line every few seconds.</summary>
internal sealed class PullDisplay : IProgress<ModelPullProgress>
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(3);
    private readonly Lock _gate = new();
    private long _lastWritten = -(long)PlainInterval.TotalMilliseconds;
    private bool _lineIsOpen;

    public void Report(ModelPullProgress value)
    {
        lock (_gate)
        {
            if (Terminal.CanRedraw)
            {
                Console.Error.Write("\r\u001b[2K" + TerminalCells.Fit(Describe(value), Math.Max(20, Terminal.Error.Profile.Width - 1)));
                _lineIsOpen = true;
            }
            else if (Environment.TickCount64 - _lastWritten >= PlainInterval.TotalMilliseconds)
            {
                _lastWritten = Environment.TickCount64;
                Console.Error.WriteLine(Describe(value));
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

    internal static string Describe(ModelPullProgress value)
    {
        double share = value.BytesTotal > 0 ? Math.Clamp((double)value.BytesDone / value.BytesTotal, 0, 1) : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{share * 100,3:0}% {value.BytesDone / 1e6:0.0}/{value.BytesTotal / 1e6:0.0} MB, {value.FilesDone}/{value.FilesTotal} files  {value.File}");
    }
}
