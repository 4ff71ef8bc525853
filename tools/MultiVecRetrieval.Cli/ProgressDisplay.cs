using System.Globalization;

namespace MultiVecRetrieval.Cli;

/// <summary>Shows indexing progress: a line redrawn in place on a terminal, otherwise a plain line every few seconds.</summary>
internal sealed class ProgressDisplay : IProgress<IndexProgress>
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(3);
    private readonly Lock _gate = new();
    private readonly bool _redraw = Terminal.CanRedraw;
    private TimeSpan _lastWritten = -PlainInterval;
    private bool _lineIsOpen;

    public void Report(IndexProgress value)
    {
        lock (_gate)
        {
            if (_redraw)
            {
                int width = Math.Max(20, Terminal.Error.Profile.Width - 1);
                string line = Describe(value, withBar: true);
                Console.Error.Write("\r\u001b[2K" + TerminalCells.Fit(line, width));
                _lineIsOpen = true;
            }
            else if (value.Elapsed - _lastWritten >= PlainInterval)
            {
                _lastWritten = value.Elapsed;
                Console.Error.WriteLine(Describe(value, withBar: false));
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

    internal static string Describe(IndexProgress value, bool withBar)
    {
        double share = Share(value);
        string bar = withBar ? Bar(share, width: 24) + " " : "";
        string entries = value.EntriesTotal is long total ? $"{value.EntriesDone}/{total}" : $"{value.EntriesDone}";
        string failed = value.FilesFailed > 0 ? $", {value.FilesFailed} failed" : "";
        string remaining = value.Remaining is TimeSpan left ? $", {Format(left)} left" : "";
        string rate = value.EntriesPerSecond.ToString("0.0", CultureInfo.InvariantCulture);
        string texts = value.PagesToRecognize > 0 ? $", text of {value.PagesRecognized}/{value.PagesToRecognize} pages" : "";
        string drawn = value.DocumentsToDraw > 0 ? $", pages of {value.DocumentsDrawn}/{value.DocumentsToDraw} documents" : "";
        string heard = value.VideosToHear > 0 ? $", speech of {value.VideosHeard}/{value.VideosToHear} videos" : "";
        string file = value.Reading is { } reading ? "  " + Describe(reading)
            : value.CurrentFile is null ? ""
            : "  " + value.CurrentFile;
        string counts = $"{value.FilesDone}/{value.FilesTotal} files, {entries} entries{drawn}{texts}{heard}{failed}";
        return $"{bar}{counts}, {rate}/s, {Format(value.Elapsed)}{remaining}{file}";
    }

    private static string Describe(FileProgress reading) => reading.Unit is FileProgressUnit.Seconds or FileProgressUnit.Speech
        ? $"{reading.File} ({Format(TimeSpan.FromSeconds(reading.Done))} of {Format(TimeSpan.FromSeconds(reading.Total))})"
        : string.Create(CultureInfo.InvariantCulture,
            $"{reading.File} ({(reading.Unit == FileProgressUnit.Pages ? "words of page" : "section")} {reading.Done:0} of {reading.Total:0})");

    private static double Share(IndexProgress value)
    {
        if (value.VideosToHear > 0)
        {
            double part = value.Reading is { Unit: FileProgressUnit.Speech, Total: > 0 } reading ? reading.Done / reading.Total : 0;
            return Math.Clamp((value.VideosHeard + part) / value.VideosToHear, 0, 1);
        }

        if (value.PagesToRecognize > 0)
        {
            return Math.Clamp((double)value.PagesRecognized / value.PagesToRecognize, 0, 1);
        }

        if (value.DocumentsToDraw > 0)
        {
            return Math.Clamp((double)value.DocumentsDrawn / value.DocumentsToDraw, 0, 1);
        }

        if (value.EntriesTotal is long entries && entries > 0)
        {
            return Math.Clamp((double)value.EntriesDone / entries, 0, 1);
        }

        return value.FilesTotal > 0 ? Math.Clamp((double)value.FilesDone / value.FilesTotal, 0, 1) : 0;
    }

    private static string Bar(double share, int width)
    {
        int filled = (int)Math.Round(share * width);
        return $"{new string('━', filled)}{new string('─', width - filled)} {share * 100,3:0}%";
    }

    private static string Format(TimeSpan time) =>
        time.TotalHours >= 1
            ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
            : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
