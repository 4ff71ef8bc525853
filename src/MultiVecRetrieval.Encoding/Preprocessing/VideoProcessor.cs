using System.Globalization;
using System.Text;
using System.Text.Json;
using MultiVecRetrieval.Encoding.Onnx;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Makes the input of a video: frames of one size, flattened in groups that the model joins. Thread-safe.</summary>
/// <remarks>Sources: the video processors of Qwen2-VL, Qwen2.5-VL and Qwen3-VL in transformers.</remarks>
/// <param name="options">Sizes, budget and positions.</param>
internal sealed class VideoProcessor(VideoOptions options)
{
    public const string VideoToken = "<|video_pad|>";

    private const string Start = "<|vision_start|>";
    private const string End = "<|vision_end|>";

    private readonly PatchFlattening _patches = new(options.Patches);

    /// <summary>Everything that decides what comes out, as text.</summary>
    public string Identity => $"video {JsonSerializer.Serialize(options)}";

    /// <summary>What was decided and which file says so, for people.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Description { get; init; }

    /// <summary>Frames of a video.</summary>
    public int FrameCount => options.FrameCount;

    /// <summary>The text of a prompt that stands for the video: with the marks around the token where these are of each group.</summary>
    public string Marker(string prompt) => options.IsTimestamped && prompt.Contains(Start + VideoToken + End, StringComparison.Ordinal)
        ? Start + VideoToken + End
        : VideoToken;

    /// <summary>Makes the input of one video.</summary>
    /// <param name="clip">Frames, all of the size of the first, and their times.</param>
    /// <param name="gridName">Name of the input for the grid.</param>
    /// <exception cref="ArgumentException">There are more or fewer frames than the model takes, or their shape is none that it
    /// takes.</exception>
    public PictureInput Apply(VideoClip clip, string gridName)
    {
        if (clip.Frames.Count != options.FrameCount || clip.TimesSeconds.Count != options.FrameCount)
        {
            throw new ArgumentException(
                $"The video has {clip.Frames.Count} frames and {clip.TimesSeconds.Count} times; the model takes {options.FrameCount}.");
        }

        (int width, int height) = ComputeSize(clip.Frames[0].Width, clip.Frames[0].Height);
        long values = (long)options.FrameGroups * options.Patches.TemporalPatch * width * height * 3;
        if (values > PictureProcessor.MaxValues)
        {
            throw new ArgumentException(
                $"The video has {clip.Frames[0].Width} × {clip.Frames[0].Height} pixels and would become {values} values; "
                    + $"{PictureProcessor.MaxValues} are allowed.");
        }

        RgbImage[] frames =
            [.. clip.Frames.Select(frame => PillowResampler.Resize(frame, width, height, options.Patches.Scaling.Filter))];
        return Create(height / options.Patches.PatchSide, width / options.Patches.PatchSide, options.FrameGroups,
            _patches.Flatten(frames), gridName, clip.TimesSeconds);
    }

    /// <summary>The smallest input there is, all zero: what the other sides of a graph with a video side are fed.</summary>
    public PictureInput CreateEmpty(string gridName) => Create(
        options.Patches.MergeSide, options.Patches.MergeSide, 1,
        new float[options.Patches.MergeSide * options.Patches.MergeSide * _patches.ValuesPerPatch], gridName, []);

    /// <summary>What is wrong with the graph's input; null when videos fit it.</summary>
    public string? FindProblem(OnnxTensor input) =>
        (input.Rank == 2 || (input.Rank == 3 && input.Shape[0] is 1 or -1)) && input.Shape[^2] < 0
            && (input.Shape[^1] < 0 || input.Shape[^1] == _patches.ValuesPerPatch)
            ? null
            : $"the input {input} does not take videos of [?, {_patches.ValuesPerPatch}], which the preprocessing gives";

    /// <summary>The size of each frame after the resize, in pixels.</summary>
    public (int Width, int Height) ComputeSize(int width, int height) => options.IsTotalBudget
        ? SmartResize.ComputeVideo(
            options.FrameCount, width, height, options.Patches.TemporalPatch, options.Patches.Factor, options.Patches.MinPixels,
            options.Patches.MaxPixels)
        : SmartResize.Compute(width, height, options.Patches.Factor, options.Patches.MinPixels, options.Patches.MaxPixels);

    private PictureInput Create(int rows, int columns, int groups, float[] pixels, string gridName, IReadOnlyList<double> times)
    {
        int perGroup = rows * columns / (options.Patches.MergeSide * options.Patches.MergeSide);
        Place[] boxes = new Place[groups * perGroup];
        Array.Fill(boxes, Place.Whole);
        return new PictureInput
        {
            Pixels = pixels,
            Shape = [groups * rows * columns, _patches.ValuesPerPatch],
            Sides = [new SideTensor(gridName, [groups, rows, columns], [1, 3])],
            Boxes = boxes,
            TokenColumns = columns / options.Patches.MergeSide,
            FrameGroups = groups,
            TimeStep = options.PositionsPerSecond * SecondsPerGroup(times) ?? 1,
            Tokens = options.IsTimestamped && times.Count > 0 ? WithTimes(times, perGroup) : Repeat(groups * perGroup),
        };
    }

    // The reference divides the frames of a group by the frames a second that were sampled.
    private double SecondsPerGroup(IReadOnlyList<double> times) =>
        times.Count < 2 ? 1 : options.Patches.TemporalPatch * (times[^1] - times[0]) / (times.Count - 1);

    // A group's time is the mean of its first and last frame's; the last frame fills up the last group.
    private string WithTimes(IReadOnlyList<double> times, int perGroup)
    {
        StringBuilder text = new();
        for (int first = 0; first < times.Count; first += options.Patches.TemporalPatch)
        {
            double time = (times[first] + times[Math.Min(first + options.Patches.TemporalPatch, times.Count) - 1]) / 2;
            text.Append($"<{FormatTime(time)} seconds>").Append(Start).Append(Repeat(perGroup)).Append(End);
        }

        return text.ToString();
    }

    // Exactly half a tenth, which in binary are odd quarters only, goes to the even digit in Python and away from zero in .NET.
    private static string FormatTime(double seconds) =>
        (seconds * 4 == Math.Floor(seconds * 4) ? Math.Round(seconds * 10, MidpointRounding.ToEven) / 10 : seconds)
            .ToString("F1", CultureInfo.InvariantCulture);

    private static string Repeat(int count) => string.Concat(Enumerable.Repeat(VideoToken, count));
}
