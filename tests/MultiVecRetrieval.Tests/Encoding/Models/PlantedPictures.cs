using System.Text.Json;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>
/// Tiny models whose input depends on the picture, in the layouts of Idefics3, Qwen-VL and NaFlex. What comes out for a token says what
/// the graph was fed for it, so that rows, places and token sequences are known by construction.
/// </summary>
internal sealed class PlantedPictures : IDisposable
{
    /// <summary>Where in a row the mean colour of the image token's part of the picture begins, in [-1, 1]; 0 for other tokens.</summary>
    public const int Color = 0;

    /// <summary>1 for an image token.</summary>
    public const int IsImage = 3;

    /// <summary>The token's id.</summary>
    public const int Id = 4;

    /// <summary>1 in every row: rows come out with unit length, and dividing by this undoes it.</summary>
    public const int One = 5;

    /// <summary>The attention mask of the token.</summary>
    public const int Mask = 6;

    /// <summary>The mean of pixel_attention_mask, or the three values of image_grid_thw, or rows and columns of spatial_shapes.</summary>
    public const int Side = 7;

    /// <summary>The three positions of the token, where the graph takes them.</summary>
    public const int Positions = 10;

    /// <summary>Where in a row of a graph with videos the three values of video_grid_thw begin.</summary>
    public const int VideoGrid = 10;

    /// <summary>Where its first patch begins: the mean of each channel in the first frame and in the second, channel by channel.</summary>
    public const int FirstPatch = 13;

    /// <summary>Where its last patch begins, likewise.</summary>
    public const int LastPatch = 19;

    /// <summary>The three positions of the token, in a graph with videos.</summary>
    public const int VideoPositions = 25;

    private static readonly string[] Words =
    [
        "[PAD]", "[UNK]", "describe", "the", "image", ".", "user", ":", "assistant", "query", "red", "blue", "find", "a", "document",
        "that", "matches", "given", "content", "of", "provided", "understand", "system", "you", "are", "helpful", "represent", "s",
        "input", "'",
    ];

    private static readonly string[] Special =
    [
        "\n", "\n\n", "<image>", "<fake_token_around_image>", "<global-img>", "<end_of_utterance>", "<|im_start|>", "<|im_end|>",
        "<|vision_start|>", "<|image_pad|>", "<|vision_end|>", "<|endoftext|>", "<|begin_of_text|>",
        .. Enumerable.Range(1, 4).SelectMany(row => Enumerable.Range(1, 4).Select(column => $"<row_{row}_col_{column}>")),
        "<|video_pad|>",
    ];

    public string Folder { get; } = Directory.CreateTempSubdirectory("mvr-pictures-").FullName;

    /// <summary>Tiles of 16 × 16 pixels with 2 × 2 tokens each, pictures of 64 pixels along: one graph for both sides.</summary>
    public static PlantedPictures CreateTiles(string configuration = """{ "model_type": "idefics3", "architectures": ["ColIdefics3"] }""")
    {
        PlantedPictures planted = new();
        planted.Write("config.json", configuration);
        planted.Write("preprocessor_config.json", """
            {
              "image_processor_type": "Idefics3ImageProcessor", "size": { "longest_edge": 64 }, "max_image_size": { "longest_edge": 16 },
              "do_image_splitting": true, "resample": 1, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]
            }
            """);
        planted.Write("processor_config.json", """{ "processor_class": "Idefics3Processor", "image_seq_len": 4 }""");
        planted.WriteTokenizer("left");
        OnnxWriter graph = new();
        graph.Input("pixel_values", OnnxWriter.Float, "batch", "tiles", 3, 16, 16)
            .Input("pixel_attention_mask", OnnxWriter.Int64, "batch", "tiles", 16, 16)
            .Constant("tileShape", -1, 3, 16, 16)
            .Constant("cells", 0, 3, -1)
            .Constant("features", -1, 3)
            .Node("Reshape", "pixel_values tileShape", "tiles")
            .Node("AveragePool", "tiles", "pooled", ("kernel_shape", new[] { 8, 8 }), ("strides", new[] { 8, 8 }))
            .Node("Reshape", "pooled cells", "flat")
            .Node("Transpose", "flat", "turned", ("perm", new[] { 0, 2, 1 }))
            .Node("Reshape", "turned features", "colors")
            .Node("Cast", "pixel_attention_mask", "pixelMask", ("to", OnnxWriter.Float))
            .Node("ReduceMean", "pixelMask", "meanMask")
            .Constant("sideShape", 1, 1, 1)
            .Node("Reshape", "meanMask sideShape", "side");
        AddTokens(graph, "<image>", sideLength: 1, hasPositions: false);
        graph.Save(planted.PathOf("onnx/model.onnx"));
        return planted;
    }

    /// <summary>Patches of 2 × 2 pixels, 2 × 2 patches a token, 4 to 64 tokens: one graph for both sides.</summary>
    /// <param name="configuration">config.json.</param>
    /// <param name="hasPositions">The graph wants positions on three axes.</param>
    /// <param name="length">Tokens that the graph takes; any by default.</param>
    /// <param name="paddingSide">Where the tokenizer pads.</param>
    /// <param name="pixelType">Type of the pixels.</param>
    /// <param name="hasBatch">The pixels have a batch, as colpali-engine's do.</param>
    public static PlantedPictures CreateMergedPatches(
        string configuration, bool hasPositions = false, int? length = null, string paddingSide = "left",
        int pixelType = OnnxWriter.Float, bool hasBatch = false)
    {
        PlantedPictures planted = new();
        planted.Write("config.json", configuration);
        planted.Write("preprocessor_config.json", """
            {
              "image_processor_type": "Qwen2VLImageProcessor", "min_pixels": 64, "max_pixels": 1024, "patch_size": 2, "merge_size": 2,
              "temporal_patch_size": 2, "resample": 3, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]
            }
            """);
        planted.WriteTokenizer(paddingSide);
        OnnxWriter graph = new();
        graph.Input("pixel_values", pixelType, hasBatch ? ["batch", "patches", 24] : ["patches", 24])
            .Node("Cast", "pixel_values", "pixels", ("to", OnnxWriter.Float))
            .Input("image_grid_thw", OnnxWriter.Int64, "images", 3)
            .Constant("blocks", -1, 4, 3, 8)
            .Node("Reshape", "pixels blocks", "blocked")
            .Node("ReduceMean", "blocked", "colors", ("axes", new[] { 1, 3 }), ("keepdims", 0))
            .Node("Cast", "image_grid_thw", "grid", ("to", OnnxWriter.Float))
            .Constant("sideShape", 1, 1, 3)
            .Node("Reshape", "grid sideShape", "side");
        AddTokens(graph, "<|image_pad|>", sideLength: 3, hasPositions, length);
        graph.Save(planted.PathOf("onnx/model.onnx"));
        return planted;
    }

    /// <summary>The merged patches with a video side: every row says what the graph was fed of the video as a whole.</summary>
    /// <param name="configuration">config.json.</param>
    /// <param name="hasOwnGraph">Videos have a graph of their own, which takes them by the names of pictures.</param>
    public static PlantedPictures CreateVideos(string configuration, bool hasOwnGraph = false)
    {
        PlantedPictures planted = CreateMergedPatches(configuration);
        planted.SaveVideos("onnx/model.onnx", hasInputs: !hasOwnGraph);
        if (hasOwnGraph)
        {
            planted.SaveVideos("onnx/video_model.onnx", hasInputs: false);
        }

        return planted;
    }

    /// <summary>Patches of 2 × 2 pixels up to 20: an image graph with a row per patch and their mean.</summary>
    public static PlantedPictures CreatePatchBudget()
    {
        PlantedPictures planted = new();
        planted.Write("config.json", """{ "model_type": "siglip2", "architectures": ["Siglip2Model"] }""");
        planted.Write("preprocessor_config.json", """
            {
              "image_processor_type": "Siglip2ImageProcessor", "max_num_patches": 20, "patch_size": 2, "resample": 2,
              "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]
            }
            """);
        new OnnxWriter()
            .Input("pixel_values", OnnxWriter.Float, "batch", "patches", 12)
            .Input("pixel_attention_mask", OnnxWriter.Int32, "batch", "patches")
            .Input("spatial_shapes", OnnxWriter.Int64, "batch", 2)
            .Constant("pixels", 1, -1, 4, 3)
            .Node("Reshape", "pixel_values pixels", "split")
            .Node("ReduceMean", "split", "colors", ("axes", new[] { 2 }), ("keepdims", 0))
            .Constant("last", 2)
            .Node("Cast", "pixel_attention_mask", "maskValues", ("to", OnnxWriter.Float))
            .Node("Unsqueeze", "maskValues last", "mask")
            .Constant("none", [0f], 1)
            .Constant("all", [1f], 1)
            .Node("Mul", "mask none", "zero")
            .Node("Add", "zero all", "one")
            .Node("Cast", "spatial_shapes", "shapes", ("to", OnnxWriter.Float))
            .Constant("sideShape", 1, 1, 2)
            .Node("Reshape", "shapes sideShape", "side")
            .Node("Mul", "one side", "sides")
            .Node("Concat", "colors zero zero one mask sides", "last_hidden_state", ("axis", 2))
            .Constant("rows", 1)
            .Node("Mul", "last_hidden_state mask", "real")
            .Node("ReduceSum", "real rows", "pooler_output", ("keepdims", 0))
            .Output("last_hidden_state", OnnxWriter.Float, "batch", "patches", 9)
            .Output("pooler_output", OnnxWriter.Float, "batch", 9)
            .Save(planted.PathOf("onnx/vision_model.onnx"));
        return planted;
    }

    public string PathOf(string file) => Path.Combine(Folder, file);

    public void Write(string file, string content) => File.WriteAllText(PathOf(file), content);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>The id of a word or special token.</summary>
    public static int IdOf(string token) => Array.IndexOf([.. Words, .. Special], token);

    /// <summary>What the graph was fed for the token of a row: the row with its length undone.</summary>
    public static float[] Undo(ReadOnlySpan<float> row)
    {
        float one = row[One];
        return [.. row.ToArray().Select(value => value / one)];
    }

    /// <summary>The tokens that the rows were made of, by their ids.</summary>
    public static string[] TokensOf(MultiVector rows)
    {
        string[] all = [.. Words, .. Special];
        return [.. Enumerable.Range(0, rows.RowCount).Select(row => all[(int)MathF.Round(Undo(rows.Row(row))[Id])])];
    }

    private void SaveVideos(string file, bool hasInputs)
    {
        (string patches, string grid) = hasInputs ? ("pixel_values_videos", "video_grid_thw") : ("pixel_values", "image_grid_thw");
        OnnxWriter graph = new();
        graph.Input("pixel_values", OnnxWriter.Float, "patches", 24).Input("image_grid_thw", OnnxWriter.Int64, "images", 3);
        if (hasInputs)
        {
            graph.Input(patches, OnnxWriter.Float, "videoPatches", 24).Input(grid, OnnxWriter.Int64, "videos", 3);
        }

        graph.Constant("blocks", -1, 4, 3, 8)
            .Node("Reshape", "pixel_values blocks", "blocked")
            .Node("ReduceMean", "blocked", "colors", ("axes", new[] { 1, 3 }), ("keepdims", 0))
            .Node("Cast", "image_grid_thw", "imageGrid", ("to", OnnxWriter.Float))
            .Node("Cast", grid, "videoGrid", ("to", OnnxWriter.Float))
            .Constant("frames", -1, 6, 4)
            .Node("Reshape", $"{patches} frames", "framed")
            .Node("ReduceMean", "framed", "means", ("axes", new[] { 2 }), ("keepdims", 0))
            .Constant("start", 0).Constant("end", -1)
            .Node("Gather", "means start", "firstPatch", ("axis", 0))
            .Node("Gather", "means end", "lastPatch", ("axis", 0))
            .Node("Concat", "imageGrid videoGrid firstPatch lastPatch", "flatSide", ("axis", 1))
            .Constant("sideShape", 1, 1, 18)
            .Node("Reshape", "flatSide sideShape", "side");
        AddTokens(graph, "<|image_pad|>", sideLength: 18, hasPositions: true);
        graph.Save(PathOf(file));
    }

    // Row of a token: [colour of its part, is image, id, 1, mask, side values, positions].
    private static void AddTokens(OnnxWriter graph, string imageToken, int sideLength, bool hasPositions, int? length = null)
    {
        graph.Input("input_ids", OnnxWriter.Int64, "batch", length ?? (object)"tokens")
            .Input("attention_mask", OnnxWriter.Int64, "batch", length ?? (object)"tokens")
            .Constant("imageId", IdOf(imageToken))
            .Constant("tokenAxis", 1)
            .Constant("lastAxis", 2)
            .Constant("first", 0)
            .Constant("nothing", [0f], 1)
            .Constant("unit", [1f], 1)
            .Node("Equal", "input_ids imageId", "isImage")
            .Node("Cast", "isImage", "imageCounts", ("to", OnnxWriter.Int64))
            .Node("CumSum", "imageCounts tokenAxis", "running")
            .Node("Sub", "running tokenAxis", "before")
            .Node("Max", "before first", "index")
            .Node("Gather", "colors index", "gathered")
            .Node("Cast", "isImage", "imageFlat", ("to", OnnxWriter.Float))
            .Node("Unsqueeze", "imageFlat lastAxis", "imageColumn")
            .Node("Mul", "gathered imageColumn", "tokenColors")
            .Node("Cast", "input_ids", "idFlat", ("to", OnnxWriter.Float))
            .Node("Unsqueeze", "idFlat lastAxis", "id")
            .Node("Mul", "id nothing", "zero")
            .Node("Add", "zero unit", "one")
            .Node("Cast", "attention_mask", "maskFlat", ("to", OnnxWriter.Float))
            .Node("Unsqueeze", "maskFlat lastAxis", "mask")
            .Node("Mul", "one side", "sides");
        string columns = "tokenColors imageColumn id one mask sides";
        int dimension = 7 + sideLength;
        if (hasPositions)
        {
            graph.Input("position_ids", OnnxWriter.Int64, 3, "batch", "tokens")
                .Node("Transpose", "position_ids", "positionsLast", ("perm", new[] { 1, 2, 0 }))
                .Node("Cast", "positionsLast", "positions", ("to", OnnxWriter.Float));
            columns += " positions";
            dimension += 3;
        }

        graph.Node("Concat", columns, "embeddings", ("axis", 2))
            .Output("embeddings", OnnxWriter.Float, "batch", length ?? (object)"tokens", dimension);
    }

    private void WriteTokenizer(string paddingSide)
    {
        Dictionary<string, int> vocabulary = Words.Index().ToDictionary(word => word.Item, word => word.Index);
        Write("tokenizer.json", JsonSerializer.Serialize(new
        {
            version = "1.0",
            truncation = (object?)null,
            padding = (object?)null,
            added_tokens = Special.Select(token => new
            {
                id = IdOf(token),
                content = token,
                single_word = false,
                lstrip = false,
                rstrip = false,
                normalized = false,
                special = true,
            }),
            normalizer =
                new
                {
                    type = "BertNormalizer",
                    clean_text = true,
                    handle_chinese_chars = true,
                    strip_accents = (bool?)null,
                    lowercase = true,
                },
            pre_tokenizer = new { type = "BertPreTokenizer" },
            post_processor = (object?)null,
            decoder = (object?)null,
            model = new
            {
                type = "WordPiece",
                unk_token = "[UNK]",
                continuing_subword_prefix = "##",
                max_input_chars_per_word = 100,
                vocab = vocabulary,
            },
        }));
        Write("tokenizer_config.json",
            $$"""{ "tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]", "padding_side": "{{paddingSide}}" }""");
    }
}
