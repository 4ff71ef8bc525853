using System.Globalization;
using System.Numerics;
using System.Text.Json;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>
/// Reads videos through ffprobe and ffmpeg child processes: raw RGB over a pipe, protocols and formats on an allow-list,
/// so that a playlist in disguise opens neither other files nor connections. Thread-safe.
/// </summary>
/// <param name="limits">Bounds on pixels, frames, length, time and memory.</param>
public sealed class VideoReader(MediaLimits limits)
{
    private const int MaxProbeLength = 16 << 20;
    private const int MaxSubtitleLength = 16 << 20;

    // Tracks of text; those of pictures (of discs and broadcasts) would have to be recognised.
    private static readonly string[] TextSubtitles = ["subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text"];

    // ffmpeg takes a larger step of the time stamps for a jump of the clock.
    private const double JumpSeconds = 10;

    /// <summary>The bounds in force.</summary>
    public MediaLimits Limits => limits;

    /// <summary>The track that is read; see <see cref="FrameSampling.VideoTrack"/>.</summary>
    public int Track { get; init; }

    /// <summary>Told, with the path, when a limit changed how a video is read; from the reading thread.</summary>
    public Action<string, string>? Notice { get; init; }

    /// <summary>Told, with the path, that parts could not be decoded while the rest was read; from the reading thread.</summary>
    public Action<string, string>? Damage { get; init; }

    /// <summary>Told, with the path, that something in the file is not looked at; from the reading thread.</summary>
    public Action<string, string>? PassedOver { get; init; }

    /// <summary>Looked in for the ffmpeg programs before PATH; for tests.</summary>
    internal string? ToolFolder { get; init; }

    /// <summary>Reads size, length and codec of the video track that is looked at.</summary>
    /// <exception cref="MediaException">Not a video of a supported format, damaged, or over a limit.</exception>
    public VideoInformation ReadInformation(string path, CancellationToken cancellationToken = default) =>
        Probe(path, cancellationToken).Information;

    /// <summary>Reads the frames that stand for the video, in order; their spans tile its length without gap or overlap.</summary>
    /// <param name="path">A video file.</param>
    /// <param name="sampling">Which frames.</param>
    /// <param name="cancellationToken">Ends the child process.</param>
    /// <exception cref="MediaException">Not a video, damaged, or over a limit; possibly after some frames.</exception>
    public IEnumerable<VideoFrame> ReadFrames(string path, FrameSampling sampling, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sampling);
        ArgumentOutOfRangeException.ThrowIfNegative(sampling.FramesPerSecond);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampling.FramesPerSecond, 120);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampling.SegmentCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampling.LongSideInPixels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxFrames, 1);
        VideoSource source = Probe(path, cancellationToken);
        if (source.OtherTrackCount > 0)
        {
            PassedOver?.Invoke(
                source.Path,
                $"looked at one of {source.OtherTrackCount + 1} video tracks, number {source.TrackNumber} (setting sampling:videoTrack)");
        }

        IEnumerable<ShotFrame> frames = sampling.FramesPerSecond > 0
            ? ReadByRate(source, sampling, cancellationToken)
            : ReadMidpoints(source, sampling, cancellationToken);
        return MergeDuplicates(frames, sampling.DuplicateDistance);
    }

    /// <summary>Reads the frame that is shown at a time.</summary>
    /// <param name="path">A video file.</param>
    /// <param name="timeSeconds">Seconds from the start, at least 0; beyond the end the last frame is taken.</param>
    /// <param name="longSide">The longer side is reduced to this many pixels; smaller frames are left alone.</param>
    /// <param name="cancellationToken">Ends the child process.</param>
    /// <exception cref="MediaException">Not a video, damaged, or over a limit.</exception>
    public RgbImage ReadFrame(string path, double timeSeconds, int longSide, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(longSide, 1);
        if (!double.IsFinite(timeSeconds) || timeSeconds < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(timeSeconds), timeSeconds, "A time is a finite number of seconds, at least 0.");
        }

        return ReadFrame(Probe(path, cancellationToken, timeSeconds), timeSeconds, longSide, cancellationToken);
    }

    // The demuxer must be the one that the first bytes call for: playlists and scripts are not among them.
    private static string GetDemuxers(MediaFormat format) => format switch
    {
        MediaFormat.Mp4 => "mov",
        MediaFormat.Matroska => "matroska",
        MediaFormat.Avi => "avi",
        MediaFormat.MpegTs => "mpegts",
        MediaFormat.MpegPs => "mpeg,mpegvideo",
        MediaFormat.Ogg => "ogg",
        MediaFormat.Asf => "asf",
        MediaFormat.Flv => "flv",
        _ => throw new MediaException("The file is not a video of a supported format (MP4, Matroska, WebM, AVI, MPEG, Ogg, ASF, FLV)."),
    };

    private static IEnumerable<VideoFrame> MergeDuplicates(IEnumerable<ShotFrame> frames, int distance)
    {
        ShotFrame? kept = null;
        ulong keptHash = 0;
        foreach (ShotFrame frame in frames)
        {
            ulong hash = distance > 0 ? PerceptualHash.Compute(frame.Frame.Image) : 0;
            if (kept is not null && distance > 0 && kept.Shot == frame.Shot && BitOperations.PopCount(hash ^ keptHash) <= distance)
            {
                kept = kept with { Frame = kept.Frame with { EndSeconds = frame.Frame.EndSeconds } };
                continue;
            }

            if (kept is not null)
            {
                yield return kept.Frame;
            }

            (kept, keptHash) = (frame, hash);
        }

        if (kept is not null)
        {
            yield return kept.Frame;
        }
    }

    private IEnumerable<ShotFrame> ReadByRate(VideoSource source, FrameSampling sampling, CancellationToken cancellationToken)
    {
        double duration = source.Information.DurationSeconds;
        // A quarter of the frames is kept back for shots that are too short to hold a regular one.
        double rate = Math.Min(sampling.FramesPerSecond, 0.75 * limits.MaxFrames / duration);
        if (rate < sampling.FramesPerSecond)
        {
            Notice?.Invoke(source.Path, string.Create(CultureInfo.InvariantCulture,
                $"Looked at {rate:0.####} instead of {sampling.FramesPerSecond:0.####} frames per second, to keep at most {limits.MaxFrames} frames (setting media:maxFrames)."));
        }

        ShotSampler sampler = new(rate, sampling.CutThreshold, duration, limits.MaxFrames);
        using FrameStream stream = StartFrames(source, rate, sampling, cancellationToken);
        while (stream.TryRead(out SampledPicture? picture))
        {
            foreach (ShotFrame frame in sampler.Add(picture))
            {
                yield return frame;
            }
        }

        foreach (ShotFrame frame in sampler.Complete())
        {
            yield return frame;
        }

        if (stream.ErrorText.Length > 0)
        {
            Damage?.Invoke(source.Path, $"Some of the video could not be decoded: {stream.ErrorText}");
        }

        if (sampler.IgnoredCutCount > 0)
        {
            Notice?.Invoke(source.Path,
                $"Passed over {sampler.IgnoredCutCount} shot cuts, to keep at most {limits.MaxFrames} frames (setting media:maxFrames).");
        }
    }

    private FrameStream StartFrames(VideoSource source, double rate, FrameSampling sampling, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-nostdin", .. FrameStream.LogArguments, .. source.InputArguments(limits), "-vf",
            FrameStream.CreateFilter(source.Information.FramesPerSecond, rate, sampling.CutThreshold, sampling.LongSideInPixels),
            .. VideoSource.OutputArguments,
        ];
        return new FrameStream(CreateOptions(ExternalProgram.FFmpeg, arguments), cancellationToken);
    }

    private IEnumerable<ShotFrame> ReadMidpoints(VideoSource source, FrameSampling sampling, CancellationToken cancellationToken)
    {
        int count = Math.Min(sampling.SegmentCount, limits.MaxFrames);
        if (count < sampling.SegmentCount)
        {
            Notice?.Invoke(source.Path, $"Took {count} instead of {sampling.SegmentCount} segments (setting media:maxFrames).");
        }

        double length = source.Information.DurationSeconds / count;
        for (int i = 0; i < count; i++)
        {
            double time = (i + 0.5) * length;
            RgbImage image = ReadFrame(source, time, sampling.LongSideInPixels, cancellationToken);
            double end = i == count - 1 ? source.Information.DurationSeconds : (i + 1) * length;
            yield return new ShotFrame(0, new VideoFrame(image, time, i * length, end));
        }
    }

    private RgbImage ReadFrame(VideoSource source, double timeSeconds, int longSide, CancellationToken cancellationToken)
    {
        double time = Math.Min(timeSeconds, source.Information.DurationSeconds);
        MediaException? problem = null;
        // Near the end nothing may follow the last frame, and only from an earlier start is it found.
        foreach (double start in new[] { time, time - 0.1, time - 1, time - 5, 0 }.Select(t => Math.Max(t, 0)).Distinct())
        {
            // From the key frame before, and then the frame on show at the start: right for slides that stand for seconds.
            string[] seek = ["-ss", start.ToString("0.######", CultureInfo.InvariantCulture)];
            string[] arguments =
            [
                .. source.HasJumps ? [] : (string[])["-noaccurate_seek", .. seek], .. source.InputArguments(limits),
                .. source.HasJumps ? seek : [],
                "-vf", $"fps=25:start_time=0:round=down,{VideoSource.ScaleInto(longSide)}", "-frames:v", "1",
                .. PortablePixmap.OutputArguments,
            ];
            ChildProcessOptions options = CreateOptions(ExternalProgram.FFmpeg, ["-nostdin", "-hide_banner", "-v", "error", .. arguments]);
            using ChildProcess child = ChildProcess.Start(options, cancellationToken);
            RgbImage? image = PortablePixmap.TryRead(child.Output);
            ChildExit exit = child.WaitForExit();
            if (image is not null)
            {
                return image;
            }

            problem = exit.IsSuccess && exit.ErrorText.Length == 0
                ? new MediaException("The video has no frame at that time.")
                : exit.ToException("The frame cannot be read");
        }

        throw problem!;
    }

    // The length is measured where one frame is not all that is wanted, and where the header cannot be right about that one.
    private VideoSource Probe(string path, CancellationToken cancellationToken, double? time = null)
    {
        (string fullPath, _) = MediaFile.Check(path, limits);
        MediaFormat format = MediaSniffer.DetectFile(fullPath);
        string demuxers = GetDemuxers(format);
        JsonElement root = RunProbe(fullPath, demuxers, ["-show_format", "-show_streams"], cancellationToken);
        VideoSource source = VideoSource.Parse(fullPath, demuxers, root, Track);
        double claimed = source.Information.DurationSeconds;
        bool mayJump = format is MediaFormat.MpegTs or MediaFormat.MpegPs;
        if (claimed <= 0 || time is null || time > claimed || mayJump)
        {
            source = Correct(source, mayJump, cancellationToken);
        }

        VideoInformation information = source.Information;
        long pixels = (long)information.Width * information.Height;
        if (pixels > limits.MaxImagePixels)
        {
            throw new MediaException(
                $"A frame has {information.Width} × {information.Height} = {pixels} pixels; the limit is {limits.MaxImagePixels}.",
                    "media:maxImagePixels");
        }

        if (information.DurationSeconds > limits.MaxVideoSeconds)
        {
            throw new MediaException(string.Create(CultureInfo.InvariantCulture,
                $"The video lasts {information.DurationSeconds:0.#} s; the limit is {limits.MaxVideoSeconds:0.#} s."),
                    "media:maxVideoSeconds");
        }

        return source;
    }

    // Headers lie: of recordings that were cut off or joined. A small difference is a matter of the last frame, and the header's.
    private VideoSource Correct(VideoSource source, bool mayJump, CancellationToken cancellationToken)
    {
        double claimed = source.Information.DurationSeconds;
        double measured;
        try
        {
            measured = MeasureDuration(source, mayJump, cancellationToken);
        }
        catch (MediaException) when (claimed > 0)
        {
            return source;
        }

        bool isRight = claimed > 0 && Math.Abs(claimed - measured) <= Math.Max(2, 0.1 * measured);
        return isRight ? source : source.WithDuration(measured) with { HasJumps = mayJump && claimed - measured > JumpSeconds };
    }

    // The packets say how long a file is, those of sound too. Where the clock may jump, ffmpeg closes the gap, and so does this.
    private double MeasureDuration(VideoSource source, bool mayJump, CancellationToken cancellationToken)
    {
        ChildProcessOptions options = CreateOptions(ExternalProgram.FFprobe,
        [
            .. VideoSource.ProbeArguments(source.Demuxers), "-show_entries", "packet=stream_index,pts_time,duration_time",
            "-of", "csv=p=0", "-i", $"file:{source.Path}",
        ]) with
        { Timeout = limits.FileTimeout, TimeoutSetting = "media:fileTimeout" };
        using ChildProcess child = ChildProcess.Start(options, cancellationToken);
        using StreamReader reader = new(child.Output);
        double end = double.NegativeInfinity;
        double start = double.PositiveInfinity;
        Dictionary<string, (double Last, double Shift)> clocks = new(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            string[] fields = line.Split(',');
            if (fields.Length > 1 && double.TryParse(fields[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double time))
            {
                if (mayJump)
                {
                    (double last, double shift) = clocks.GetValueOrDefault(fields[0], (time, 0));
                    shift += Math.Abs(time - last) > JumpSeconds ? last - time : 0;
                    clocks[fields[0]] = (time, shift);
                    time += shift;
                }

                double length = fields.Length > 2
                    && double.TryParse(fields[2], NumberStyles.Float, CultureInfo.InvariantCulture, out double d) ? d : 0;
                start = Math.Min(start, time);
                end = Math.Max(end, time + length);
            }
        }

        child.WaitForExit();
        return end - start > 0
            ? end - start
            : throw new MediaException("The length of the video cannot be found out: it has no usable time stamps.");
    }

    /// <summary>The first subtitle track that is text, as SubRip; null when there is none.</summary>
    /// <exception cref="MediaException">There is one, and it cannot be read.</exception>
    internal string? ReadSubtitles(string path, CancellationToken cancellationToken)
    {
        (string fullPath, _) = MediaFile.Check(path, limits);
        string demuxers = GetDemuxers(MediaSniffer.DetectFile(fullPath));
        JsonElement root = RunProbe(
            fullPath, demuxers, ["-select_streams", "s", "-show_entries", "stream=index,codec_name"], cancellationToken);
        if (!root.TryGetProperty("streams", out JsonElement streams) || streams.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach (JsonElement stream in streams.EnumerateArray())
        {
            string codec = stream.TryGetProperty("codec_name", out JsonElement name) ? name.ToString() : "";
            if (!TextSubtitles.Contains(codec) || !stream.TryGetProperty("index", out JsonElement index))
            {
                continue;
            }

            string[] arguments =
            [
                "-nostdin", "-hide_banner", "-v", "error", "-protocol_whitelist", "file,pipe", "-format_whitelist", demuxers,
                "-i", $"file:{fullPath}", "-map", $"0:{index.GetInt32()}", "-f", "srt", "pipe:1",
            ];
            (ChildExit exit, string output) =
                ChildProcess.Run(CreateOptions(ExternalProgram.FFmpeg, arguments), MaxSubtitleLength, cancellationToken);
            return exit.IsSuccess ? output : throw exit.ToException("The subtitles of the video cannot be read");
        }

        return null;
    }

    /// <summary>Writes the first track of sound to a file as 16,000 samples a second, mono, signed 16-bit little-endian, without a header;
    /// its time is that of the pictures.</summary>
    /// <returns>False when there is no sound.</returns>
    /// <exception cref="MediaException">There is some, and it cannot be decoded.</exception>
    internal bool WriteSound(string path, string target, CancellationToken cancellationToken)
    {
        (string fullPath, _) = MediaFile.Check(path, limits);
        string demuxers = GetDemuxers(MediaSniffer.DetectFile(fullPath));
        JsonElement root = RunProbe(fullPath, demuxers, ["-select_streams", "a", "-show_entries", "stream=index"], cancellationToken);
        if (!root.TryGetProperty("streams", out JsonElement streams) || streams.ValueKind != JsonValueKind.Array
            || streams.GetArrayLength() == 0)
        {
            return false;
        }

        string[] arguments =
        [
            "-nostdin", "-hide_banner", "-v", "error", "-protocol_whitelist", "file,pipe", "-format_whitelist", demuxers,
            "-i", $"file:{fullPath}", "-map", "0:a:0", "-af", "aresample=async=1:first_pts=0", "-ac", "1",
            "-ar", $"{SpeechReader.SampleRate}", "-t", limits.MaxVideoSeconds.ToString(CultureInfo.InvariantCulture),
            "-f", "s16le", $"file:{target}",
        ];
        ChildProcessOptions options = CreateOptions(ExternalProgram.FFmpeg, arguments) with
        {
            Timeout = limits.FileTimeout,
            TimeoutSetting = "media:fileTimeout",
        };
        (ChildExit exit, _) = ChildProcess.Run(options, MaxProbeLength, cancellationToken);
        return exit.IsSuccess ? true : throw exit.ToException("The sound of the video cannot be read");
    }

    private JsonElement RunProbe(string path, string demuxers, string[] what, CancellationToken cancellationToken)
    {
        string[] arguments = [.. VideoSource.ProbeArguments(demuxers), .. what, "-print_format", "json", "-i", $"file:{path}"];
        (ChildExit exit, string output) =
            ChildProcess.Run(CreateOptions(ExternalProgram.FFprobe, arguments), MaxProbeLength, cancellationToken);
        if (!exit.IsSuccess)
        {
            throw exit.ToException("The video cannot be read");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(output);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new MediaException($"ffprobe's answer cannot be read: {exception.Message}", inner: exception);
        }
    }

    private ChildProcessOptions CreateOptions(ExternalProgram program, IReadOnlyList<string> arguments) => new()
    {
        FileName = program.Require(ToolFolder),
        Arguments = arguments,
        Timeout = limits.PageTimeout,
        TotalTimeout = limits.FileTimeout,
        MaxMemoryBytes = limits.MaxChildMemoryBytes,
    };
}
