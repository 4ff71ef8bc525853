using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Preprocessing;

namespace MultiVecRetrieval.Tests.Encoding.Preprocessing;

/// <summary>Frames of a video as the input of Qwen-VL models, against the arithmetic of the reference in Python.</summary>
public class VideoInputTests
{
    [Theory] // view, permute and reshape of the reference: groups, blocks, patches, channels, frames, rows, columns.
    [InlineData(84, 56, 8, 14, 2, 4, 4, 6, "60d71283c4de377e")]
    [InlineData(64, 96, 8, 16, 2, 4, 6, 4, "cfb0c50627759465")]
    [InlineData(84, 56, 3, 14, 2, 2, 4, 6, "a1c02a613e5d80b8")]
    [InlineData(64, 32, 4, 16, 1, 4, 2, 4, "3a45e2d88d461535")]
    public void Apply_PlantedFrames_EqualTheReference(
        int width, int height, int frames, int patch, int temporal, int groups, int rows, int columns, string hash)
    {
        VideoProcessor processor = Create(frames, patch, temporal);
        RgbImage first = PlantedImage.Create(width, height);
        RgbImage[] shown =
            [.. Enumerable.Range(0, frames).Select(t => new RgbImage(width, height, [.. first.Pixels.Select(p => (byte)(p + (37 * t)))]))];

        PictureInput input = processor.Apply(Clip(shown, [.. Enumerable.Range(0, frames).Select(t => (double)t)]), "video_grid_thw");

        Assert.Equal([groups * rows * columns, 3 * temporal * patch * patch], input.Shape);
        Assert.Equal([groups, rows, columns], input.Sides.Single(side => side.Name == "video_grid_thw").Values);
        Assert.Equal(groups * rows * columns / 4, input.Boxes.Length);
        Assert.Equal((groups, columns / 2), (input.FrameGroups, input.TokenColumns));
        Assert.Equal(hash, PlantedImage.Hash([.. input.Pixels.Select(value => (byte)value)]));
    }

    [Theory] // "%.1f" of the mean of a group's first and last frame, the last one repeated, in Python.
    [InlineData(new[] { 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75 }, new[] { "0.5", "1.5", "2.5", "3.5" })]
    [InlineData(new[] { 0.1, 0.4, 0.6 }, new[] { "0.2", "0.6" })]
    [InlineData(new[] { 0.0, 0.5, 0.75, 0.75 }, new[] { "0.2", "0.8" })]
    [InlineData(new[] { 1.1, 1.2, 1.3, 1.6 }, new[] { "1.1", "1.5" })]
    [InlineData(new[] { 0.625, 1.875, 3.125, 4.375, 5.625, 6.875, 8.125, 9.375 }, new[] { "1.2", "3.8", "6.2", "8.8" })]
    public void Apply_TimestampedFamily_SaysWhenEachGroupIsShown(double[] times, string[] expected)
    {
        VideoProcessor processor = Create(times.Length, patch: 16, temporal: 2, isTimestamped: true);
        RgbImage[] frames = [.. times.Select(_ => PlantedImage.Create(32, 32))];

        string tokens = processor.Apply(Clip(frames, times), "video_grid_thw").Tokens;

        Assert.Equal(
            string.Concat(expected.Select(time => $"<{time} seconds><|vision_start|><|video_pad|><|vision_end|>")), tokens);
        Assert.Equal("<|vision_start|><|video_pad|><|vision_end|>", processor.Marker("a <|vision_start|><|video_pad|><|vision_end|> b"));
        Assert.Equal("<|video_pad|>", processor.Marker("<|video_pad|> b"));
    }

    [Theory] // file, its text, family's tokens of a frame; size of a frame of 1280 × 720, patch
    [InlineData("preprocessor_config.json", """{"min_pixels": 3136, "max_pixels": 12845056, "patch_size": 14}""", 4, 1280, 1288, 728)]
    [InlineData("video_preprocessor_config.json", """{"video_processor_type": "Qwen2VLVideoProcessor"}""", null, null, 1008, 560)]
    [InlineData("video_preprocessor_config.json", """{"video_processor_type": "Qwen3VLVideoProcessor"}""", 128, 768, 1152, 640)]
    [InlineData("video_preprocessor_config.json",
        """{"video_processor_type": "Qwen3VLVideoProcessor", "size": {"shortest_edge": 4096, "longest_edge": 25165824}}""", null, null,
        1280, 704)]
    [InlineData("processor_config.json",
        """{"video_processor": {"video_processor_type": "Qwen2VLVideoProcessor", "max_pixels": 602112}}""", 4, 1280, 1008, 560)]
    public void Read_FolderOfAFamily_SizesFramesWithinTheirBudget(
        string file, string text, int? least, int? most, int width, int height)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.PathOf("preprocessor_config.json"), """{"image_processor_type": "Qwen2VLImageProcessor"}""");
        File.WriteAllText(folder.PathOf(file), text);

        VideoProcessor processor = VideoSettings.Read(folder.FullName, 8, new ImageTokenBudget(least, most), isTimestamped: false);

        Assert.Equal((width, height), processor.ComputeSize(1280, 720));
    }

    [Fact]
    public void Read_BudgetBeyondWhatIsAllowed_NamesTheLimit()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(
            folder.PathOf("preprocessor_config.json"), """{"image_processor_type": "Qwen2VLImageProcessor", "max_pixels": 60000000}""");

        ModelFormatException exception = Assert.Throws<ModelFormatException>(
            () => VideoSettings.Read(folder.FullName, 8, new ImageTokenBudget(null, null), isTimestamped: false));

        Assert.Contains("a video of 8 frames", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_OtherNumberOfFrames_IsRefused()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => Create(8, 14, 2).Apply(Clip([PlantedImage.Create(28, 28)], [0]), "video_grid_thw"));

        Assert.Contains("the model takes 8", exception.Message, StringComparison.Ordinal);
    }

    private static VideoClip Clip(RgbImage[] frames, double[] times) =>
        new() { Frames = frames, TimesSeconds = times, EndSeconds = times[^1] + 1 };

    private static VideoProcessor Create(int frames, int patch, int temporal, bool isTimestamped = false) => new(new VideoOptions
    {
        Patches = new MergedPatchOptions
        {
            PatchSide = patch,
            MergeSide = 2,
            TemporalPatch = temporal,
            MinPixels = 4 * patch * patch,
            MaxPixels = 1_000_000,
            Scaling = new PixelScaling(ResampleFilter.Bicubic, 1, [0, 0, 0], [1, 1, 1]),
        },
        FrameCount = frames,
        IsTotalBudget = false,
        IsTimestamped = isTimestamped,
        PositionsPerSecond = null,
    })
    { Description = [] };
}
