using MultiVecRetrieval.Encoding.Onnx;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>The graphs of a model folder: one per side, or one for both.</summary>
/// <param name="Vision">The graph that takes images; the same as <paramref name="Text"/> when one graph has both sides.</param>
/// <param name="Text">The graph that takes text.</param>
/// <param name="Variants">Names of other variants (float16, quantised) that were passed over.</param>
internal sealed record GraphFiles(OnnxGraphHeader? Vision, OnnxGraphHeader? Text, IReadOnlyList<string> Variants)
{
    // Where exporters put graphs: transformers.js, the root, sentence-transformers.
    private static readonly string[] Places = ["onnx", "", "0_CLIPModel/onnx", "0_CLIPModel"];
    private static readonly string[] VisionNames = ["vision_model", "visual", "vision", "image_encoder", "vision_encoder", "image_model"];
    private static readonly string[] TextNames = ["text_model", "textual", "text", "text_encoder"];
    private static readonly string[] VideoNames = ["video_model", "video_encoder"];
    private static readonly string[] CombinedNames = ["model", "model_optimized"];

    // Whole numbers on two axes too, and no tokens.
    private static readonly string[] OfPicture = ["pixel_attention_mask", "image_grid_thw", "video_grid_thw", "spatial_shapes"];

    // In the order of what they lose: full precision first, one bit last.
    private static readonly string[] Suffixes =
    [
        "", "_fp32", "_fp16", "_quantized", "_int8", "_uint8", "_q8", "_q4", "_q4f16", "_bnb4", "_q2", "_q2f16", "_q1", "_q1f16",
    ];

    /// <summary>The graph that takes videos; null for a model that does not say that it takes any.</summary>
    public OnnxGraphHeader? Video { get; private init; }

    /// <summary>True when one graph has both sides.</summary>
    public bool IsCombined => Vision is not null && ReferenceEquals(Vision, Text);

    /// <summary>Finds the graphs: those that <paramref name="description"/> names, else split towers, else a combined graph.</summary>
    /// <exception cref="ModelFormatException">There is none, or one cannot be read.</exception>
    public static GraphFiles Find(string folder, EncoderDescription description)
    {
        List<string> variants = [];
        string? vision = Named(folder, description.Vision?.Graph) ?? Search(folder, VisionNames, variants);
        string? text = Named(folder, description.Text?.Graph) ?? Search(folder, TextNames, variants);
        OnnxGraphHeader? visionGraph = vision is null ? null : ReadHeader(folder, vision);
        OnnxGraphHeader? textGraph = text is null ? null : vision == text ? visionGraph : ReadHeader(folder, text);
        if (visionGraph is null && textGraph is null)
        {
            string combined = Search(folder, CombinedNames, variants)
                ?? throw new ModelFormatException(folder,
                    "there is no graph: neither onnx/vision_model.onnx and onnx/text_model.onnx nor onnx/model.onnx.");
            OnnxGraphHeader graph = ReadHeader(folder, combined);
            visionGraph = graph.Inputs.Any(IsPixels) ? graph : null;
            textGraph = graph.Inputs.Any(IsTokens) ? graph : null;
            if (visionGraph is null && textGraph is null)
            {
                throw new ModelFormatException(
                    folder,
                    $"{Path.GetFileName(combined)} takes neither pixels nor tokens: {string.Join("; ", graph.Inputs)}.");
            }
        }

        // A model takes videos when a graph of its own says so, or an input of the one for pictures.
        string? video = Named(folder, description.Video?.Graph) ?? Search(folder, VideoNames, variants);
        OnnxGraphHeader? videoGraph = video is null ? visionGraph?.Inputs.Any(IsVideo) == true ? visionGraph : null
            : video == visionGraph?.Path ? visionGraph
            : ReadHeader(folder, video);
        return new GraphFiles(visionGraph, textGraph, variants) { Video = videoGraph };
    }

    /// <summary>Names of variants, as <see cref="Choose"/> takes them.</summary>
    public static IEnumerable<string> VariantNames => Suffixes.Where(suffix => suffix.Length > 0).Select(suffix => suffix[1..]);

    /// <summary>True for the name of a variant.</summary>
    public static bool IsVariant(string name) => VariantNames.Contains(name);

    /// <summary>The graphs that <see cref="Find"/> takes in a folder of files, of one variant or of the one of most precision; none when
    /// there are none.</summary>
    /// <param name="exists">Whether a path, with slashes, is a file of the folder.</param>
    /// <param name="variant">The variant; <c>fp32</c> and <c>int8</c> stand for all suffixes that exporters give them.</param>
    public static IReadOnlyList<string> Choose(Func<string, bool> exists, string? variant)
    {
        string[] suffixes = variant switch
        {
            null => Suffixes,
            "fp32" => ["", "_fp32"],
            "int8" => ["_int8", "_quantized", "_q8", "_uint8"],
            _ => ["_" + variant],
        };
        string? vision = Search(exists, VisionNames, suffixes).FirstOrDefault();
        string? text = Search(exists, TextNames, suffixes).FirstOrDefault();

        // A side that has no graph of this variant would be missed only when somebody asks for it.
        bool isWhole = (vision is null) == !Search(exists, VisionNames, Suffixes).Any()
            && (text is null) == !Search(exists, TextNames, Suffixes).Any();
        string? combined = vision ?? text ?? Search(exists, CombinedNames, suffixes).FirstOrDefault();
        return !isWhole ? [] : vision is null && text is null ? combined is null ? [] : [combined]
            : [.. new[] { vision, text, Search(exists, VideoNames, suffixes).FirstOrDefault() }.OfType<string>()];
    }

    /// <summary>True for an input that can only be pixels: real numbers on four or more axes, or on two or three and named so, which
    /// are flattened patches.</summary>
    public static bool IsPixels(OnnxTensor input) => input.Type is OnnxTensorType.Float or OnnxTensorType.Float16
        && (input.Rank >= 4 || (input.Rank >= 2 && input.Name == "pixel_values"));

    /// <summary>True for the input that takes the flattened patches of a video.</summary>
    public static bool IsVideo(OnnxTensor input) => input.Name == "pixel_values_videos"
        && input.Type is OnnxTensorType.Float or OnnxTensorType.Float16;

    /// <summary>True for an input that can only be token ids or a mask: whole numbers on two or three axes.</summary>
    public static bool IsTokens(OnnxTensor input) =>
        input.Type is OnnxTensorType.Int32 or OnnxTensorType.Int64 && input.Rank is 2 or 3 && !OfPicture.Contains(input.Name);

    private static string? Named(string folder, string? graph)
    {
        if (graph is null)
        {
            return null;
        }

        string path = Path.GetFullPath(Path.Combine(folder, graph));
        return File.Exists(path)
            ? path
            : throw new ModelFormatException(folder, $"{EncoderDescription.FileName} names the graph {graph}, which is not there.");
    }

    private static string? Search(string folder, string[] names, List<string> variants)
    {
        string[] found = [.. Search(path => File.Exists(Path.Combine(folder, path)), names, Suffixes)];
        variants.AddRange(found.Skip(1));
        return found.Length == 0 ? null : Path.Combine(folder, found[0]);
    }

    private static IEnumerable<string> Search(Func<string, bool> exists, string[] names, string[] suffixes) =>
        from place in Places
        from suffix in suffixes
        from name in names
        let path = place.Length == 0 ? $"{name}{suffix}.onnx" : $"{place}/{name}{suffix}.onnx"
        where exists(path)
        select path;

    /// <summary>Reads the declarations of a graph.</summary>
    /// <exception cref="ModelFormatException">It is none, or weights that it names are not there.</exception>
    public static OnnxGraphHeader ReadHeader(string folder, string path)
    {
        string name = Path.GetRelativePath(folder, path);
        if (!File.Exists(path))
        {
            throw new ModelFormatException(folder, $"the graph {name} is not there.");
        }

        OnnxGraphHeader header;
        try
        {
            header = OnnxGraphHeader.Read(path);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw new ModelFormatException(folder, $"{name} is no ONNX graph: {exception.Message}.", exception);
        }

        foreach (string external in header.ExternalFiles.Where(file => !File.Exists(file)))
        {
            throw new ModelFormatException(folder, $"{name} keeps weights in {Path.GetFileName(external)}, which is not there.");
        }

        return header;
    }
}
