using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// The pictures that ffmpeg lets through: the first, the regular ones, and the first after each cut. Pictures come by
/// standard output, their times and scene scores by standard error.
/// </summary>
internal sealed class FrameStream : IDisposable
{
    private const int MaxErrorTextLength = 300;
    private static readonly System.Buffers.SearchValues<char> ProgressKeyCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz_0123456789");
    private readonly BlockingCollection<(double Time, double Score)> _marks = [];
    private readonly ChildProcess _child;
    private readonly int _width;
    private readonly int _height;
    private double _time = double.NaN;

    /// <summary>Starts ffmpeg.</summary>
    /// <param name="options">ffmpeg with the filter of <see cref="CreateFilter"/> and <c>-progress pipe:2</c>.</param>
    /// <param name="width">Width of the pictures.</param>
    /// <param name="height">Height of the pictures.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public FrameStream(ChildProcessOptions options, int width, int height, CancellationToken cancellationToken)
    {
        (_width, _height) = (width, height);
        _child = ChildProcess.Start(options with { ErrorLine = TakeLine }, cancellationToken);
    }

    /// <summary>What ffmpeg complained about, once <see cref="TryRead"/> returned false.</summary>
    public string ErrorText { get; private set; } = "";

    /// <summary>The filter that lets the wanted frames through.</summary>
    /// <remarks>
    /// A constant rate comes first: it repeats frames that stand for long, as slides do, so that what is on show in the
    /// middle of a span is found. Scene scores compare each frame with the one before, at that rate.
    /// </remarks>
    public static string CreateFilter(double framesPerSecond, double rate, double cutThreshold, int width, int height) =>
        string.Create(CultureInfo.InvariantCulture,
            $"fps={ChooseRate(framesPerSecond, rate):0.######}:start_time=0," +
            $"select='isnan(prev_t)+gt(scene,{cutThreshold:0.######})+gt(floor(t*{rate:0.#########}+0.5),floor(prev_t*{rate:0.#########}+0.5))'," +
            $"metadata=mode=print:file='pipe\\:2':direct=1,scale={width}:{height}");

    /// <summary>Reads the next picture.</summary>
    /// <returns>False at the end of the video.</returns>
    /// <exception cref="MediaException">ffmpeg failed before the end, or took too long.</exception>
    public bool TryRead([NotNullWhen(true)] out SampledPicture? picture)
    {
        byte[] pixels = GC.AllocateUninitializedArray<byte>(_width * _height * 3);
        int count = _child.Output.ReadAtLeast(pixels, pixels.Length, throwOnEndOfStream: false);
        if (count < pixels.Length)
        {
            ChildExit exit = _child.WaitForExit();
            picture = null;
            if (!exit.IsSuccess || count > 0)
            {
                throw exit.ToException("The video cannot be decoded to its end");
            }

            ErrorText = exit.ErrorText.Length > MaxErrorTextLength ? exit.ErrorText[..MaxErrorTextLength] + "…" : exit.ErrorText.TrimEnd();
            return false;
        }

        // The mark is written before the picture; it can only be on its way.
        if (!_marks.TryTake(out (double Time, double Score) mark, TimeSpan.FromSeconds(10)))
        {
            throw new MediaException("ffmpeg gave a picture without its time.");
        }

        picture = new SampledPicture(new RgbImage(_width, _height, pixels), mark.Time, mark.Score);
        return true;
    }

    /// <summary>Kills ffmpeg if it still runs.</summary>
    public void Dispose()
    {
        _child.Dispose();
        _marks.Dispose();
    }

    private static double ChooseRate(double framesPerSecond, double rate)
    {
        double lowest = Math.Max(10, 2 * rate);
        return Math.Clamp(framesPerSecond > 0 ? framesPerSecond : 25, lowest, Math.Max(30, lowest));
    }

    // "frame:3 pts:300 pts_time:3" and then "lavfi.scene_score=0.25"; progress comes as "key=value" lines.
    private bool TakeLine(string line)
    {
        const string TimeKey = "pts_time:";
        const string ScoreKey = "lavfi.scene_score=";
        if (line.StartsWith("frame:", StringComparison.Ordinal))
        {
            int at = line.IndexOf(TimeKey, StringComparison.Ordinal);
            _time = at >= 0 && TryParse(line.AsSpan(at + TimeKey.Length), out double time) ? time : double.NaN;
            return true;
        }

        if (line.StartsWith(ScoreKey, StringComparison.Ordinal))
        {
            if (double.IsFinite(_time) && TryParse(line.AsSpan(ScoreKey.Length), out double score))
            {
                _marks.Add((_time, score));
            }

            return true;
        }

        int equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || line.AsSpan(0, equals).IndexOfAnyExcept(ProgressKeyCharacters) >= 0)
        {
            return false;
        }

        // Only as long as ffmpeg goes round its loop do these lines come; one that is stuck in a frame falls silent.
        if (line == "progress=continue")
        {
            _child?.RestartClock();
        }

        return true;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
