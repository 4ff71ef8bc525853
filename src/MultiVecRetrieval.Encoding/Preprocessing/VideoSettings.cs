using System.Globalization;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Reads how a model folder wants its videos: from the video processor's file, else from that of pictures.</summary>
internal static class VideoSettings
{
    private const int LargestBudget = 8192 * 8192;

    /// <summary>The processor of videos of a folder.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="frames">Frames of a video.</param>
    /// <param name="frameTokens">What the model's profile says about the tokens of a frame.</param>
    /// <param name="isTimestamped">Whether groups of frames stand between marks, behind their time.</param>
    /// <exception cref="ModelFormatException">A value is missing or out of range; file and key are named.</exception>
    public static VideoProcessor Read(string folder, int frames, ImageTokenBudget frameTokens, bool isTimestamped)
    {
        PreprocessingSource source = PreprocessingSource.OpenVideo(folder) ?? PreprocessingSource.Open(folder);
        bool isVolume = source.VideoProcessorType?.StartsWith("Qwen3VL", StringComparison.Ordinal) == true;
        ImageFamily family = isVolume ? ImageFamily.Qwen3Video : ImageFamily.Qwen;
        PreprocessingKeys keys = new(source, family);
        int patch = source.Whole(128, "patch_size") ?? (isVolume ? 16 : 14);
        int merge = source.Whole(8, "merge_size") ?? 2;
        int temporal = source.Whole(16, "temporal_patch_size") ?? 2;
        int blockArea = patch * merge * patch * merge;

        // The references of families with a budget resize frame by frame before the processor sees them, whatever its file says.
        bool isTotal = isVolume && frameTokens.Max is null;
        int fileMin = Budget(source, "min_pixels", "shortest_edge") ?? (source.IsOfVideo ? 128 * blockArea : 56 * 56);
        int fileMax = Budget(source, "max_pixels", "longest_edge") ?? (source.IsOfVideo ? 768 : 1280) * blockArea;
        int min = frameTokens.Min is { } least ? least * blockArea : fileMin;
        int max = frameTokens.Max is { } most ? isVolume ? most * blockArea : (int)Math.Min((long)most * blockArea, fileMax) : fileMax;
        if (min > max || max < blockArea)
        {
            throw source.Error(
                $"videos have {min} to {max} pixels; expected the least at most the most, and that at least {blockArea}, "
                    + $"one token of {patch * merge} × {patch * merge} pixels");
        }

        VideoOptions options = new()
        {
            Patches = new MergedPatchOptions
            {
                PatchSide = patch,
                MergeSide = merge,
                TemporalPatch = temporal,
                MinPixels = min,
                MaxPixels = max,
                Scaling = keys.ReadScaling(),
            },
            FrameCount = frames,
            IsTotalBudget = isTotal,
            IsTimestamped = isTimestamped,
            PositionsPerSecond = source.WholeOfConfig(1000, "vision_config", "tokens_per_second"),
        };
        long pixels = isTotal ? max : (long)max * options.FrameGroups * temporal;
        if (frames < temporal || 3 * pixels > PictureProcessor.MaxValues || pixels / temporal / blockArea > PictureProcessor.MaxTokens)
        {
            throw source.Error(string.Create(CultureInfo.InvariantCulture,
                $"a video of {frames} frames would have up to {3 * pixels} values and {pixels / temporal / blockArea} tokens; at least "
                    + $"{temporal} frames, {PictureProcessor.MaxValues} values and {PictureProcessor.MaxTokens} tokens are allowed"));
        }

        keys.Add("video input", string.Create(CultureInfo.InvariantCulture, $"{frames} frames, {temporal} of them in a patch"),
            "temporal_patch_size");
        keys.Add("video resize", string.Create(CultureInfo.InvariantCulture,
            $"sides to multiples of {patch * merge}, {min} to {max} pixels {(isTotal ? "of all frames" : "a frame")}"), "size");
        return new VideoProcessor(options) { Description = keys.Description };
    }

    private static int? Budget(PreprocessingSource source, string name, string edge) => source.Whole(LargestBudget, name)
        ?? source.Whole(LargestBudget, "size", name) ?? source.Whole(LargestBudget, "size", edge);
}
