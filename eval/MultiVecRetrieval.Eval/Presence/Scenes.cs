using System.Text.Json;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Ingestion.Media;

namespace MultiVecRetrieval.Eval.Presence;

/// <summary>Pictures with drawn words: as they are, and as frames of an H.264 video.</summary>
internal static class Scenes
{
    private sealed record Scene(string File, IReadOnlyList<SceneWord> Words);

    private sealed record SceneWord(string Word);

    /// <summary>The words drawn in each of the first scenes.</summary>
    public static IReadOnlyList<(string Path, IReadOnlySet<string> Words)> Read(string folder, int count)
    {
        using FileStream file = File.OpenRead(Path.Combine(folder, "scenes.json"));
        Scene[] scenes = JsonSerializer.Deserialize<Scene[]>(file, JsonSerializerOptions.Web) ?? [];
        return [.. scenes.Take(count).Select(scene => (
            Path.Combine(folder, scene.File),
            (IReadOnlySet<string>)scene.Words.Select(word => word.Word).ToHashSet(StringComparer.Ordinal)))];
    }

    public static RgbImage ReadPicture(string path)
    {
        // ffmpeg reads the PPM of a scene, which the decoder of pictures does not.
        return Convert(path, ".png", [], file => new ImageDecoder(new MediaLimits()).DecodeFile(file));
    }

    /// <summary>The scene after H.264 at 1,280 pixels and quality 28, which is how frames of a video look.</summary>
    public static RgbImage ReadFrame(string path) => Convert(
        path,
        ".mp4",
        ["-vf", "scale=w=1280:h=1280:force_original_aspect_ratio=decrease:force_divisible_by=2", "-c:v", "libx264", "-crf", "28",
            "-pix_fmt", "yuv420p"],
        file => new VideoReader(new MediaLimits()).ReadFrame(file, timeSeconds: 0, longSide: 1280));

    private static RgbImage Convert(string path, string extension, string[] arguments, Func<string, RgbImage> read)
    {
        string file = Path.Combine(Path.GetTempPath(), $"mvr-scene-{Guid.NewGuid():N}{extension}");
        try
        {
            ExternalCommand.Run("ffmpeg", ["-v", "error", "-i", path, .. arguments, file]);
            return read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
