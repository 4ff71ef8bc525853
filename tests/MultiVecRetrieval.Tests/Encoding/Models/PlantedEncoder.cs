using System.Text.Json;
using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Tests.Encoding.Models;

/// <summary>
/// A tiny dual encoder whose geometry is known: an image's vector is its mean colour, a text's the sum of its colour words', so that
/// "red" is closest to red images. Written in the Hugging Face layout, in the variants that exporters produce.
/// </summary>
internal sealed class PlantedEncoder : IDisposable
{
    public const int Side = 32;

    /// <summary>Colour words with their RGB bytes; token ids follow from 4.</summary>
    public static readonly (string Word, byte Red, byte Green, byte Blue)[] Colors =
    [
        ("red", 255, 0, 0), ("green", 0, 255, 0), ("blue", 0, 0, 255), ("yellow", 255, 255, 0), ("white", 255, 255, 255),
            ("black", 0, 0, 0),
    ];

    private static readonly string[] PlainWords = ["a", "photo", "of", "and"];

    public string Folder { get; } = Directory.CreateTempSubdirectory("mvr-planted-").FullName;

    /// <summary>Two towers, any batch, one vector per input.</summary>
    public static PlantedEncoder CreateSplit(object? batch = null, int type = OnnxWriter.Float, int ids = OnnxWriter.Int64)
    {
        PlantedEncoder encoder = new();
        encoder.WriteConfiguration();
        OnnxWriter vision = new();
        AddImages(vision, batch ?? "batch", type, isGrid: false);
        vision.Save(encoder.PathOf("onnx/vision_model.onnx"));
        OnnxWriter text = new();
        AddText(text, batch ?? "batch", type, ids, isRows: false);
        text.Save(encoder.PathOf("onnx/text_model.onnx"));
        return encoder;
    }

    /// <summary>One graph for both sides.</summary>
    public static PlantedEncoder CreateCombined()
    {
        PlantedEncoder encoder = new();
        encoder.WriteConfiguration();
        OnnxWriter graph = new();
        AddText(graph, "text_batch", OnnxWriter.Float, OnnxWriter.Int64, isRows: false);
        AddImages(graph, "image_batch", OnnxWriter.Float, isGrid: false);
        graph.Save(encoder.PathOf("onnx/model.onnx"));
        return encoder;
    }

    /// <summary>Late interaction: a vector per patch of 8 × 8 pixels and per token.</summary>
    public static PlantedEncoder CreateRows(bool withSaliency = false)
    {
        PlantedEncoder encoder = new();
        encoder.WriteConfiguration(modelType: "colpali");
        OnnxWriter vision = new();
        AddImages(vision, "batch", OnnxWriter.Float, isGrid: true);
        if (withSaliency)
        {
            // How bright a patch is.
            vision.Node("ReduceSum", "rows last", "saliency", ("keepdims", 0)).Constant("last", 2)
                .Output("saliency", OnnxWriter.Float, "batch", 16);
        }

        vision.Save(encoder.PathOf("onnx/vision_model.onnx"));
        OnnxWriter text = new();
        AddText(text, "batch", OnnxWriter.Float, OnnxWriter.Int64, isRows: true);
        text.Save(encoder.PathOf("onnx/text_model.onnx"));
        return encoder;
    }

    /// <summary>Late interaction whose rows go through attention among each other, two heads of it, which the graph does not give
    /// out.</summary>
    public static PlantedEncoder CreateAttention()
    {
        PlantedEncoder encoder = new();
        encoder.WriteConfiguration(modelType: "colpali");
        OnnxWriter vision = new();
        AddImages(vision, "batch", OnnxWriter.Float, isGrid: true, output: "seen");
        vision.Constant("heads", 1).Constant("scales", [0.5f, 2], 1, 2, 1, 1)
            .Node("Transpose", "seen", "keys", ("perm", new[] { 0, 2, 1 }))
            .Node("MatMul", "seen keys", "products")
            .Node("Unsqueeze", "products heads", "product")
            .Node("Mul", "product scales", "logits")
            .Node("Softmax", "logits", "attention_weights", ("axis", -1))
            .Node("ReduceMean", "attention_weights", "attention", ("axes", new[] { 1 }), ("keepdims", 0))
            .Node("MatMul", "attention seen", "attended")
            .Node("Add", "seen attended", "last_hidden_state")
            .Output("last_hidden_state", OnnxWriter.Float, "batch", 16, 4);
        vision.Save(encoder.PathOf("onnx/vision_model.onnx"));
        OnnxWriter text = new();
        AddText(text, "batch", OnnxWriter.Float, OnnxWriter.Int64, isRows: true);
        text.Save(encoder.PathOf("onnx/text_model.onnx"));
        return encoder;
    }

    /// <summary>An image of one colour.</summary>
    public static RgbImage Plain(int width, int height, (byte Red, byte Green, byte Blue) color)
    {
        byte[] pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2]) = color;
        }

        return new RgbImage(width, height, pixels);
    }

    public string PathOf(string file) => Path.Combine(Folder, file);

    public void Write(string file, string content) => File.WriteAllText(PathOf(file), content);

    /// <summary>Copies its folder to one of another name, and disposes it.</summary>
    public void MoveTo(string target)
    {
        foreach (string file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Dispose();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void WriteConfiguration(string modelType = "clip")
    {
        Write("config.json", $$$"""{ "model_type": "{{{modelType}}}", "projection_dim": 4, "text_config": { "max_position_embeddings": 8 } }""");
        Write("preprocessor_config.json", $$$"""
            {
              "image_processor_type": "CLIPImageProcessor", "do_resize": true, "do_center_crop": true, "do_normalize": true, "do_rescale": true,
              "size": { "shortest_edge": {{{Side}}} }, "crop_size": { "height": {{{Side}}}, "width": {{{Side}}} }, "resample": 3,
              "rescale_factor": 0.00392156862745098, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]
            }
            """);
        string[] special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"];
        Dictionary<string, int> vocabulary = [];
        foreach (string token in (string[])[.. special, .. Colors.Select(color => color.Word), .. PlainWords])
        {
            vocabulary.Add(token, vocabulary.Count);
        }

        object Added(string token)
            => new
            {
                id = vocabulary[token],
                content = token,
                single_word = false,
                lstrip = false,
                rstrip = false,
                normalized = false,
                special = true
            };
        object Special(string token) => new { id = token, ids = new[] { vocabulary[token] }, tokens = new[] { token } };
        Write("tokenizer.json", JsonSerializer.Serialize(new
        {
            version = "1.0",
            truncation = (object?)null,
            padding = (object?)null,
            added_tokens = special.Select(Added),
            normalizer =
                new
                {
                    type = "BertNormalizer",
                    clean_text = true,
                    handle_chinese_chars = true,
                    strip_accents = (bool?)null,
                    lowercase = true
                },
            pre_tokenizer = new { type = "BertPreTokenizer" },
            post_processor = new
            {
                type = "TemplateProcessing",
                single = new object[]
                {
                    new { SpecialToken = new { id = "[CLS]", type_id = 0 } },
                    new { Sequence = new { id = "A", type_id = 0 } },
                    new { SpecialToken = new { id = "[SEP]", type_id = 0 } },
                },
                pair = Array.Empty<object>(),
                special_tokens = new Dictionary<string, object> { ["[CLS]"] = Special("[CLS]"), ["[SEP]"] = Special("[SEP]") },
            },
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
        Write("tokenizer_config.json", """{ "tokenizer_class": "BertTokenizer", "pad_token": "[PAD]" }""");
    }

    // Mean colour in [-1, 1] on three axes, a little of a fourth so that mid gray has a direction too; three times too long on purpose.
    private static void AddImages(OnnxWriter graph, object batch, int type, bool isGrid, string? output = null)
    {
        graph.Input("pixel_values", type, batch, 3, Side, Side)
            .Constant("axes", [3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0], 3, 4)
            .Constant("shift", [0, 0, 0, 0.3f], 4)
            .Constant("columns", 0, 3, -1)
            .Node("Cast", "pixel_values", "pixels", ("to", OnnxWriter.Float));
        int patch = isGrid ? 8 : Side;
        graph.Node("AveragePool", "pixels", "means", ("kernel_shape", new[] { patch, patch }), ("strides", new[] { patch, patch }))
            .Node("Reshape", "means columns", "flat")
            .Node("Transpose", "flat", "rows", ("perm", new[] { 0, 2, 1 }))
            .Node("MatMul", "rows axes", "turned")
            .Node("Add", "turned shift", "shifted");
        if (output is not null)
        {
            graph.Node("Cast", "shifted", output, ("to", type));
            return;
        }

        if (isGrid)
        {
            graph.Node("Cast", "shifted", "last_hidden_state", ("to", type)).Output("last_hidden_state", type, batch, 16, 4);
            return;
        }

        graph.Constant("imageRow", 1)
            .Node("Squeeze", "shifted imageRow", "single")
            .Node("Cast", "single", "image_embeds", ("to", type))
            .Output("image_embeds", type, batch, 4);
    }

    private static void AddText(OnnxWriter graph, object batch, int type, int ids, bool isRows)
    {
        float[] words = new float[(4 + Colors.Length + PlainWords.Length) * 4];
        for (int i = 0; i < Colors.Length; i++)
        {
            (string _, byte red, byte green, byte blue) = Colors[i];
            float[] vector = [(red / 127.5f) - 1, (green / 127.5f) - 1, (blue / 127.5f) - 1, 0];
            vector.CopyTo(words, (4 + i) * 4);
        }

        graph.Input("input_ids", ids, batch, "tokens")
            .Input("attention_mask", ids, batch, "tokens")
            .Constant("words", words, words.Length / 4, 4)
            .Constant("last", 2)
            .Constant("tokenAxis", 1)
            .Node("Gather", "words input_ids", "gathered")
            .Node("Cast", "attention_mask", "mask", ("to", OnnxWriter.Float))
            .Node("Unsqueeze", "mask last", "column")
            .Node("Mul", "gathered column", "masked");
        if (isRows)
        {
            graph.Node("Cast", "masked", "token_vectors", ("to", type)).Output("token_vectors", type, batch, "tokens", 4);
            return;
        }

        graph.Node("ReduceSum", "masked tokenAxis", "sum", ("keepdims", 0))
            .Node("Cast", "sum", "text_embeds", ("to", type))
            .Output("text_embeds", type, batch, 4);
    }
}
