using System.Text.Json;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>The JSON object that describes a model's pictures, the file it came from, and what config.json adds.</summary>
internal sealed class PreprocessingSource
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private readonly string _folder;
    private readonly JsonElement _root;
    private readonly JsonElement _config;

    private PreprocessingSource(string folder, string fileName, JsonElement root, JsonElement config)
    {
        _folder = folder;
        _root = root;
        _config = config;
        FileName = fileName;
        VideoProcessorType = Text("video_processor_type");
        ProcessorType = Text("image_processor_type") ?? Text("feature_extractor_type");
        ModelType = Property(config, "model_type")?.GetString();
        JsonElement vision = Property(config, "vision_config") ?? config;
        ConfigSize = Property(vision, "image_size") is { ValueKind: JsonValueKind.Number } size ? Int(size, "image_size") : null;
        UsesOpenClipKeys = Find("resize_mode") is not null || Find("interpolation") is not null
            || (Find("mean") is not null && Find("image_mean") is null);
    }

    /// <summary>The file that was read, for messages.</summary>
    public string FileName { get; }

    /// <summary>True when the keys are OpenCLIP's (mean, interpolation, resize_mode), which come with torchvision's arithmetic.</summary>
    public bool UsesOpenClipKeys { get; private init; }

    /// <summary>Name of the image processor class, when the file gives one.</summary>
    public string? ProcessorType { get; }

    /// <summary>Name of the video processor class, when the file gives one.</summary>
    public string? VideoProcessorType { get; }

    /// <summary>True when the file describes videos.</summary>
    public bool IsOfVideo { get; private init; }

    /// <summary>model_type of config.json.</summary>
    public string? ModelType { get; private init; }

    /// <summary>Side of the input by config.json.</summary>
    public int? ConfigSize { get; }

    /// <summary>Size of the input by an OpenCLIP model description: a number or [height, width].</summary>
    public JsonElement? VisionSize { get; private init; }

    /// <exception cref="ModelFormatException">No file describes the pictures, or one is no JSON.</exception>
    public static PreprocessingSource Open(string folder)
    {
        JsonElement config = Read(folder, "config.json") ?? default;
        if (Read(folder, "preprocessor_config.json") is { } preprocessor)
        {
            return new PreprocessingSource(folder, "preprocessor_config.json", Property(preprocessor, "image_processor")
                ?? preprocessor, config);
        }

        if (Read(folder, "processor_config.json") is { } processor && Property(processor, "image_processor") is { } nested)
        {
            return new PreprocessingSource(folder, "processor_config.json", nested, config);
        }

        if (Read(folder, "open_clip_config.json") is { } openClip)
        {
            JsonElement model = Property(openClip, "model_cfg") ?? default;
            JsonElement vision = Property(model, "vision_cfg") ?? default;
            return new PreprocessingSource(folder, "open_clip_config.json", Property(openClip, "preprocess_cfg") ?? default, config)
            {
                UsesOpenClipKeys = true,
                ModelType = "open_clip",
                VisionSize = Property(vision, "image_size"),
            };
        }

        PreprocessingSource source = new(folder, "config.json", default, config);
        return ImageFamily.Find(null, source.ModelType).Size is not null
            ? source
            : throw new ModelFormatException(
                folder, "neither preprocessor_config.json, processor_config.json nor open_clip_config.json says how pictures are prepared");
    }

    /// <summary>What describes the model's videos; null when no file does.</summary>
    /// <exception cref="ModelFormatException">The file is no JSON.</exception>
    public static PreprocessingSource? OpenVideo(string folder)
    {
        JsonElement config = Read(folder, "config.json") ?? default;
        (string File, JsonElement? Root) found = Read(folder, "video_preprocessor_config.json") is { } video
            ? ("video_preprocessor_config.json", video)
            : ("processor_config.json", Read(folder, "processor_config.json") is { } both ? Property(both, "video_processor") : null);
        return found.Root is { } root ? new PreprocessingSource(folder, found.File, root, config) { IsOfVideo = true } : null;
    }

    /// <summary>The value of a key; null when it is missing or null.</summary>
    public JsonElement? Find(string key) => Property(_root, key);

    public bool? Bool(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Error($"{key} is {value.GetRawText()}, expected true or false"),
    };

    public string? Text(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { } value => throw Error($"{key} is {value.GetRawText()}, expected a text"),
    };

    public double? Number(string key)
        => Find(key) is { } value ? Numbers(value, key) is [double only] ? only : throw Error($"{key} is no number") : null;

    public double[] Numbers(JsonElement value, string key)
    {
        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return [.. items.Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double number)
            && double.IsFinite(number)
            ? number
            : throw Error($"{key} is {value.GetRawText()}, expected finite numbers"))];
    }

    public int Int(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number is >= 1 and <= 8192
            ? number
            : throw Error($"{key} is {value.GetRawText()}, expected a whole number of 1 to 8192 pixels");

    /// <summary>A whole number in [1, <paramref name="largest"/>] at a path of keys; null when it is missing.</summary>
    /// <exception cref="ModelFormatException">It is something else.</exception>
    public int? Whole(int largest, params string[] path) => Whole(_root, FileName, largest, path);

    /// <summary>The same of config.json.</summary>
    public int? WholeOfConfig(int largest, params string[] path) => Whole(_config, "config.json", largest, path);

    /// <summary>The same of processor_config.json.</summary>
    public int? WholeOfProcessor(int largest, params string[] path) =>
        Whole(Read(_folder, "processor_config.json") ?? default, "processor_config.json", largest, path);

    private int? Whole(JsonElement root, string file, int largest, string[] path)
    {
        JsonElement? found = root;
        foreach (string key in path)
        {
            found = found is { } element ? Property(element, key) : null;
        }

        return found switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out int number) && number >= 1 && number <= largest => number,
            { } value => throw new ModelFormatException(
                _folder, $"{file}: {string.Join('.', path)} is {value.GetRawText()}, expected a whole number of 1 to {largest}."),
        };
    }

    public ModelFormatException Error(string reason) => new(_folder, $"{FileName}: {reason}.");

    private static JsonElement? Property(JsonElement element, string key) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out JsonElement value)
            && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private static JsonElement? Read(string folder, string fileName)
    {
        string path = Path.Combine(folder, fileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new ModelFormatException(folder, $"{fileName} is no JSON object.");
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(folder, $"{fileName} is no valid JSON: {exception.Message}");
        }
    }
}
