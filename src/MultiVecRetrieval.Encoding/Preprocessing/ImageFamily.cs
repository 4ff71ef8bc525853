namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>The defaults of an image processor for keys that its file leaves out; null where there is no default.</summary>
/// <remarks>Sources: the constructors of the Hugging Face image processors and OpenCLIP's constants.</remarks>
internal sealed record ImageFamily
{
    private static readonly float[] ClipMean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] ClipDeviation = [0.26862954f, 0.26130258f, 0.27577711f];
    private static readonly float[] Halves = [0.5f, 0.5f, 0.5f];
    private static readonly ImageFamily Unknown = new() { Name = "the format" };

    /// <summary>The name that descriptions print.</summary>
    public required string Name { get; init; }

    /// <summary>Side of the input in pixels.</summary>
    public int? Size { get; init; }

    /// <summary>Whether the centre is cropped.</summary>
    public bool? Crops { get; init; } = false;

    /// <summary>Whether mean and deviation are applied.</summary>
    public bool? Normalizes { get; init; } = true;

    /// <summary>The interpolation.</summary>
    public ResampleFilter? Filter { get; init; }

    /// <summary>Mean per channel.</summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>Standard deviation per channel.</summary>
    public IReadOnlyList<float>? StandardDeviation { get; init; }

    /// <summary>The shape of its input.</summary>
    public PictureLayoutKind Layout { get; init; }

    /// <summary>The feature that is missing here, for families that are not supported.</summary>
    public string? Unsupported { get; init; }

    /// <summary>CLIP, and all that was trained with its recipe.</summary>
    public static ImageFamily Clip { get; } = new()
    {
        Name = "CLIP",
        Size = 224,
        Crops = true,
        Filter = ResampleFilter.Bicubic,
        Mean = ClipMean,
        StandardDeviation = ClipDeviation,
    };

    private static ImageFamily Siglip { get; } = new()
    {
        Name = "SigLIP",
        Size = 224,
        Filter = ResampleFilter.Bicubic,
        Mean = Halves,
        StandardDeviation = Halves,
    };

    private static ImageFamily NaFlex { get; } = Siglip with
    {
        Name = "SigLIP2 NaFlex",
        Size = null,
        Filter = ResampleFilter.Bilinear,
        Layout = PictureLayoutKind.PatchBudget,
    };

    /// <summary>Qwen2-VL and Qwen2.5-VL, pictures and videos.</summary>
    public static ImageFamily Qwen { get; } = Clip with
    {
        Name = "Qwen-VL",
        Size = null,
        Crops = false,
        Layout = PictureLayoutKind.MergedPatches,
    };

    /// <summary>Videos of Qwen3-VL.</summary>
    public static ImageFamily Qwen3Video { get; } = Qwen with { Name = "Qwen3-VL", Mean = Halves, StandardDeviation = Halves };

    private static ImageFamily Idefics { get; } = Siglip with
    {
        Name = "Idefics3",
        Size = null,
        Filter = ResampleFilter.Lanczos,
        Layout = PictureLayoutKind.Tiles,
    };

    private static ImageFamily Vit { get; } = Siglip with { Name = "ViT", Filter = ResampleFilter.Bilinear };

    /// <summary>Finds the family by the name of the image processor, else by the model type.</summary>
    public static ImageFamily Find(string? processorType, string? modelType)
    {
        // Fast and slow processors and old feature extractors share their defaults.
        string processor = (processorType ?? "").Replace("Fast", "", StringComparison.Ordinal)
            .Replace("FeatureExtractor", "ImageProcessor", StringComparison.Ordinal);
        return processor switch
        {
            "CLIPImageProcessor" or "ChineseCLIPImageProcessor" or "JinaCLIPImageProcessor" => Clip,
            "SiglipImageProcessor" => Siglip,
            "ViTImageProcessor" => Vit,
            "Siglip2ImageProcessor" => NaFlex,
            "Qwen2VLImageProcessor" or "Qwen2_5_VLImageProcessor" or "Qwen3VLImageProcessor" or "ColQwen2ImageProcessor" => Qwen,
            "Idefics3ImageProcessor" or "SmolVLMImageProcessor" => Idefics,
            _ when processor.StartsWith("Qwen", StringComparison.Ordinal) =>
                new() { Name = "Qwen-VL", Unsupported = "another preparation than Qwen2-VL's" },
            _ when processor.StartsWith("Idefics", StringComparison.Ordinal) =>
                new() { Name = "Idefics", Unsupported = "another preparation than Idefics3's" },
            "" => FromModelType(modelType),
            _ => Unknown,
        };
    }

    private static ImageFamily FromModelType(string? modelType) => modelType switch
    {
        "clip" or "clip_vision_model" or "chinese_clip" or "jina_clip" or "open_clip" => Clip,
        "siglip" or "siglip_vision_model" or "siglip2" or "paligemma" or "colpali" => Siglip,
        "vit" => Vit,
        _ => Unknown,
    };
}
