using System.Globalization;
using System.Text.Json;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>A video that was looked at: which stream to read, by which demuxer, and what it says about itself.</summary>
internal sealed record VideoSource
{
    public required string Path { get; init; }

    public required string Demuxers { get; init; }

    public required int StreamIndex { get; init; }

    public required VideoInformation Information { get; init; }

    /// <summary>Which of the video tracks that is, from 1, covers not counted.</summary>
    public required int TrackNumber { get; init; }

    /// <summary>Video tracks besides the one that is read, covers not counted.</summary>
    public int OtherTrackCount { get; init; }

    /// <summary>True when the clock jumps within the recording, so that a time cannot be sought but only read up to.</summary>
    public bool HasJumps { get; init; }

    /// <summary>Arguments that give raw RGB on standard output: frames as they come, each in its own size.</summary>
    public static string[] OutputArguments =>
        ["-fps_mode", "passthrough", "-autoscale", "0", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"];

    /// <summary>Arguments that begin every ffprobe call.</summary>
    public static string[] ProbeArguments(string demuxers) =>
        ["-v", "error", "-protocol_whitelist", "file,pipe", "-format_whitelist", demuxers];

    /// <summary>Arguments that open the video for ffmpeg. <c>file:</c> keeps a name with a colon from being a protocol.</summary>
    public string[] InputArguments(MediaLimits limits) =>
    [
        "-protocol_whitelist", "file,pipe", "-format_whitelist", Demuxers,
        "-max_pixels", Math.Min(limits.MaxImagePixels, int.MaxValue).ToString(CultureInfo.InvariantCulture), "-threads", "2",
        "-i", $"file:{Path}", "-map", $"0:{StreamIndex}", "-an", "-sn", "-dn",
    ];

    /// <summary>
    /// The filter that makes pixels square and the longer side at most <paramref name="longSide"/>. It looks at the frame, not at
    /// the header: the size may change within a stream.
    /// </summary>
    public static string ScaleInto(int longSide)
    {
        // Widths beyond tenfold are taken for damage, as in the header.
        const string Width = "iw*if(gt(sar,0.1)*lt(sar,10),sar,1)";
        string scale = string.Create(CultureInfo.InvariantCulture, $"min(1,{longSide}/max({Width},ih))");
        return $"scale=w='max(1,round({Width}*{scale}))':h='max(1,round(ih*{scale}))'";
    }

    public VideoSource WithDuration(double seconds) => this with { Information = Information with { DurationSeconds = seconds } };

    /// <summary>Reads ffprobe's description; <paramref name="track"/> as in <see cref="FrameSampling.VideoTrack"/>.</summary>
    /// <exception cref="MediaException">No video stream, or one without a size.</exception>
    public static VideoSource Parse(string path, string demuxers, JsonElement root, int track = 0)
    {
        JsonElement format = root.TryGetProperty("format", out JsonElement f) ? f : default;
        List<JsonElement> tracks = root.TryGetProperty("streams", out JsonElement streams) && streams.ValueKind == JsonValueKind.Array
            ? [.. streams.EnumerateArray().Where(IsVideo)]
            : [];
        // The track that players show: the one marked as the default, else the first.
        int position = track >= 1 && track <= tracks.Count ? track - 1 : Math.Max(tracks.FindIndex(IsDefault), 0);
        JsonElement stream = tracks.ElementAtOrDefault(position);
        if (stream.ValueKind != JsonValueKind.Object)
        {
            bool isSound = streams.ValueKind == JsonValueKind.Array
                && streams.EnumerateArray().Any(item => Text(item, "codec_type") == "audio");
            if (isSound)
            {
                throw new UnsupportedMediaException("sound without pictures");
            }

            throw new MediaException("The file has no video stream.");
        }

        int width = (int)Math.Min(Number(stream, "width"), int.MaxValue);
        int height = (int)Math.Min(Number(stream, "height"), int.MaxValue);
        if (width < 1 || height < 1)
        {
            throw new MediaException($"The video stream has no usable size ({width} × {height}): it is damaged or its codec is unknown.");
        }

        // Pixels that are not square are made so by widening or narrowing the frame.
        double shape = Ratio(Text(stream, "sample_aspect_ratio"), ':');
        width = shape is > 0.1 and < 10 ? Math.Max(1, (int)Math.Min(Math.Round(width * shape), int.MaxValue)) : width;
        int rotation = ReadRotation(stream);
        double duration = Math.Max(Number(format, "duration"), Number(stream, "duration"));
        return new VideoSource
        {
            Path = path,
            Demuxers = demuxers,
            StreamIndex = (int)Number(stream, "index"),
            TrackNumber = position + 1,
            OtherTrackCount = tracks.Count - 1,
            Information = new VideoInformation(
                rotation % 180 == 0 ? width : height, rotation % 180 == 0 ? height : width, duration,
                Ratio(Text(stream, "avg_frame_rate"), '/'), Text(stream, "codec_name"), Text(format, "format_name"), rotation),
        };
    }

    private static bool IsVideo(JsonElement stream) =>
        Text(stream, "codec_type") == "video" &&
        !(stream.TryGetProperty("disposition", out JsonElement disposition) && Number(disposition, "attached_pic") != 0);

    private static bool IsDefault(JsonElement stream) =>
        stream.TryGetProperty("disposition", out JsonElement disposition) && Number(disposition, "default") != 0;

    // ffprobe counts counter-clockwise in the display matrix, clockwise in the old rotate tag.
    private static int ReadRotation(JsonElement stream)
    {
        double degrees = 0;
        if (stream.TryGetProperty("side_data_list", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            degrees = -list.EnumerateArray().Select(item => Number(item, "rotation")).FirstOrDefault(value => value != 0);
        }

        if (degrees == 0 && stream.TryGetProperty("tags", out JsonElement tags))
        {
            degrees = Number(tags, "rotate");
        }

        int quarter = (int)Math.Round(degrees / 90) % 4;
        return (quarter + 4) % 4 * 90;
    }

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value.ToString() : "";

    private static double Number(JsonElement element, string name) =>
        double.TryParse(Text(element, name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : 0;

    private static double Ratio(string text, char separator)
    {
        string[] parts = text.Split(separator);
        return parts.Length == 2 && double.TryParse(parts[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double a) &&
            double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double b) && b != 0 ? a / b : 0;
    }
}
