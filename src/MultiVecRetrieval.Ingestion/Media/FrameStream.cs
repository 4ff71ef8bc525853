using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// The pictures that ffmpeg lets through: the first, the regular ones, and the first after each cut. Pictures come by
/// standard output, their sizes, times and scene scores by standard error.
/// </summary>
internal sealed class FrameStream : IDisposable
{
    private const int MaxErrorTextLength = 300;
    private static readonly System.Buffers.SearchValues<char> ProgressKeyCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz_0123456789");
    private readonly BlockingCollection<Mark> _marks = [];
    private readonly ChildProcess _child;
    private (int Width, int Height) _markedSize;
    private (int Width, int Height) _lastSize;
    private double _time = double.NaN;

    /// <summary>Starts ffmpeg.</summary>
    /// <param name="options">ffmpeg with the filter of <see cref="CreateFilter"/> and <see cref="LogArguments"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public FrameStream(ChildProcessOptions options, CancellationToken cancellationToken) =>
        _child = ChildProcess.Start(options with { ErrorLine = TakeLine }, cancellationToken);

    /// <summary>Arguments that make ffmpeg tell what the stream listens to.</summary>
    public static string[] LogArguments => ["-hide_banner", "-v", "level+info", "-nostats", "-progress", "pipe:2"];

    /// <summary>What ffmpeg complained about, once <see cref="TryRead"/> returned false.</summary>
    public string ErrorText { get; private set; } = "";

    /// <summary>The filter that lets the wanted frames through.</summary>
    /// <remarks>
    /// A constant rate comes first: it repeats frames that stand for long, as slides do, so that what is on show in the
    /// middle of a span is found. Scene scores compare each frame with the one before, at that rate. Where the size changes
    /// ffmpeg makes the filters anew, which then go on at the time of the change.
    /// </remarks>
    public static string CreateFilter(double framesPerSecond, double rate, double cutThreshold, int longSide) =>
        string.Create(CultureInfo.InvariantCulture,
            $"fps={ChooseRate(framesPerSecond, rate):0.######}," +
            $"select='isnan(prev_t)+gt(scene,{cutThreshold:0.######})+gt(floor(t*{rate:0.#########}+0.5),floor(prev_t*{rate:0.#########}+0.5))'," +
            $"{VideoSource.ScaleInto(longSide)},showinfo=checksum=0,metadata=mode=print:file='pipe\\:2':direct=1");

    /// <summary>Reads the next picture.</summary>
    /// <returns>False at the end of the video.</returns>
    /// <exception cref="MediaException">ffmpeg failed before the end, or took too long.</exception>
    public bool TryRead([NotNullWhen(true)] out SampledPicture? picture)
    {
        int first = _child.Output.ReadByte();
        if (first < 0)
        {
            End(isCutOff: false);
            picture = null;
            return false;
        }

        // The mark is written before the picture; it can only be on its way.
        if (!_marks.TryTake(out Mark mark, TimeSpan.FromSeconds(10)))
        {
            throw new MediaException("ffmpeg gave a picture without its size and time.");
        }

        (int width, int height) = mark.Size;
        byte[] pixels = GC.AllocateUninitializedArray<byte>(checked(width * height * 3));
        pixels[0] = (byte)first;
        if (_child.Output.ReadAtLeast(pixels.AsSpan(1), pixels.Length - 1, throwOnEndOfStream: false) < pixels.Length - 1)
        {
            End(isCutOff: true);
        }

        // Nothing is compared across a change of size; it is a cut.
        bool hasChanged = _lastSize != default && _lastSize != mark.Size;
        _lastSize = mark.Size;
        picture = new SampledPicture(new RgbImage(width, height, pixels), Math.Max(0, mark.Time), hasChanged ? 1 : mark.Score);
        return true;
    }

    /// <summary>Kills ffmpeg if it still runs.</summary>
    public void Dispose()
    {
        _child.Dispose();
        _marks.Dispose();
    }

    private void End(bool isCutOff)
    {
        ChildExit exit = _child.WaitForExit();
        if (!exit.IsSuccess || isCutOff)
        {
            throw exit.ToException("The video cannot be decoded to its end");
        }

        ErrorText = exit.ErrorText.Length > MaxErrorTextLength ? exit.ErrorText[..MaxErrorTextLength] + "…" : exit.ErrorText.TrimEnd();
    }

    private static double ChooseRate(double framesPerSecond, double rate)
    {
        double lowest = Math.Max(10, 2 * rate);
        return Math.Clamp(framesPerSecond > 0 ? framesPerSecond : 25, lowest, Math.Max(30, lowest));
    }

    // "[Parsed_showinfo_3 @ 0x1] [info] n: 3 … s:640x360 …", "frame:3 pts:300 pts_time:3" and then "lavfi.scene_score=0.25";
    // progress comes as "key=value" lines.
    private string? TakeLine(string line)
    {
        const string TimeKey = "pts_time:";
        const string ScoreKey = "lavfi.scene_score=";
        if (line.StartsWith("[Parsed_showinfo_", StringComparison.Ordinal))
        {
            TakeSize(line);
            return null;
        }

        if (line.StartsWith("frame:", StringComparison.Ordinal))
        {
            int at = line.IndexOf(TimeKey, StringComparison.Ordinal);
            _time = at >= 0 && TryParse(line.AsSpan(at + TimeKey.Length), out double time) ? time : double.NaN;
            return null;
        }

        if (line.StartsWith(ScoreKey, StringComparison.Ordinal))
        {
            if (double.IsFinite(_time) && TryParse(line.AsSpan(ScoreKey.Length), out double score))
            {
                _marks.Add(new Mark(_time, score, _markedSize));
            }

            return null;
        }

        int equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || line.AsSpan(0, equals).IndexOfAnyExcept(ProgressKeyCharacters) >= 0)
        {
            return KeepError(line);
        }

        // Only as long as ffmpeg goes round its loop do these lines come; one that is stuck in a frame falls silent.
        if (line == "progress=continue")
        {
            _child?.RestartClock();
        }

        return null;
    }

    // "[h264 @ 0x1] [error] text" is kept as "[h264 @ 0x1] text". Of other levels, and lines that go on with one, nothing is.
    private static string? KeepError(string line)
    {
        foreach (string level in (ReadOnlySpan<string>)["[error] ", "[fatal] ", "[panic] "])
        {
            int at = line.IndexOf(level, StringComparison.Ordinal);
            if (at == 0 || (at > 0 && line[0] == '['))
            {
                return line.Remove(at, level.Length);
            }
        }

        return line[0] is '[' or ' ' ? null : line;
    }

    private void TakeSize(string line)
    {
        const string SizeKey = " s:";
        int at = line.IndexOf(SizeKey, StringComparison.Ordinal);
        string[] sides = at < 0 ? [] : line[(at + SizeKey.Length)..].Split(' ')[0].Split('x');
        if (sides.Length == 2 && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height))
        {
            _markedSize = (width, height);
        }
    }

    private static bool TryParse(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private readonly record struct Mark(double Time, double Score, (int Width, int Height) Size);
}
