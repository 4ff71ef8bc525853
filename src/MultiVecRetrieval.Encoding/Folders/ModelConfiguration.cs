using System.Text.Json;

namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>What the configuration files of a model folder say beyond preprocessing and tokens; each value with its file.</summary>
internal sealed class ModelConfiguration
{
    private readonly string _folder;
    private readonly JsonElement _config;
    private readonly JsonElement _openClip;

    private ModelConfiguration(string folder)
    {
        _folder = folder;
        _config = ReadObject("config.json");
        _openClip = Find(ReadObject("open_clip_config.json"), "model_cfg") ?? default;
        ModelType = Text(_config, "model_type") ?? (_openClip.ValueKind == JsonValueKind.Object ? "open_clip" : null);
        Architecture = Find(_config, "architectures") is { ValueKind: JsonValueKind.Array } architectures
            ? architectures.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString())
                .FirstOrDefault()
            : null;
        Dimension = First(("projection_dim", "config.json", Int(_config, "projection_dim")),
            ("model_cfg.embed_dim", "open_clip_config.json", Int(_openClip, "embed_dim")),
            ("word_embedding_dimension", "1_Pooling/config.json", Int(ReadObject("1_Pooling/config.json"), "word_embedding_dimension")),
            ("embedding_dim", "config.json", Int(_config, "embedding_dim")),
            ("hidden_size", "config.json", Int(_config, "hidden_size")));
        PatchSize = First(
            ("vision_config.patch_size", "config.json", Int(Find(_config, "vision_config"), "patch_size")),
            ("patch_size", "config.json", Int(_config, "patch_size")),
            ("model_cfg.vision_cfg.patch_size", "open_clip_config.json", Int(Find(_openClip, "vision_cfg"), "patch_size")));
        JsonElement tokenizer = ReadObject("tokenizer_config.json");
        TextLength = First(
            ("max_seq_length", "sentence_bert_config.json", Int(ReadObject("sentence_bert_config.json"), "max_seq_length")),
            ("text_config.max_position_embeddings", "config.json", Int(Find(_config, "text_config"), "max_position_embeddings")),
            ("model_cfg.text_cfg.context_length", "open_clip_config.json", Int(Find(_openClip, "text_cfg"), "context_length")),
            ("model_max_length", "tokenizer_config.json", Int(tokenizer, "model_max_length")),
            ("max_position_embeddings", "config.json", Int(_config, "max_position_embeddings")));
        JsonElement pooling = ReadObject("1_Pooling/config.json");
        SentencePooling = IsTrue(pooling, "pooling_mode_mean_tokens") ? Pooling.Mean
            : IsTrue(pooling, "pooling_mode_cls_token") ? Pooling.First
            : IsTrue(pooling, "pooling_mode_lasttoken") ? Pooling.Last
            : null;
        JsonElement? prompts = Find(ReadObject("config_sentence_transformers.json"), "prompts");
        QueryPrompt = Text(prompts, "query");
        PassagePrompt = Text(prompts, "document") ?? Text(prompts, "passage");
    }

    /// <summary>model_type of config.json; open_clip for a folder with OpenCLIP's description only.</summary>
    public string? ModelType { get; }

    /// <summary>The first of the architectures of config.json: a network under another head keeps its model_type.</summary>
    public string? Architecture { get; }

    public (int Value, string Source)? Dimension { get; }

    public (int Value, string Source)? PatchSize { get; }

    public (int Value, string Source)? TextLength { get; }

    /// <summary>Pooling by sentence-transformers' 1_Pooling/config.json.</summary>
    public Pooling? SentencePooling { get; }

    /// <summary>What config_sentence_transformers.json puts before a query.</summary>
    public string? QueryPrompt { get; }

    /// <summary>What config_sentence_transformers.json puts before a passage.</summary>
    public string? PassagePrompt { get; }

    /// <exception cref="ModelFormatException">A file is no JSON object.</exception>
    public static ModelConfiguration Read(string folder) => new(folder);

    private static (int Value, string Source)? First(params (string Key, string File, int? Value)[] candidates)
    {
        foreach ((string key, string file, int? value) in candidates)
        {
            if (value is { } found)
            {
                return (found, $"{key} of {file}");
            }
        }

        return null;
    }

    private static JsonElement? Find(JsonElement? element, string key) =>
        element is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(key, out JsonElement value) ? value : null;

    // Tokenizers without a limit write 1e30, which is no int and so counts as no limit.
    private static int? Int(JsonElement? element, string key) =>
        Find(element, key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) && number > 0 ? number : null;

    private static string? Text(JsonElement? element, string key) =>
        Find(element, key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static bool IsTrue(JsonElement element, string key) => Find(element, key) is { ValueKind: JsonValueKind.True };

    private JsonElement ReadObject(string name)
    {
        string path = Path.Combine(_folder, name);
        if (!File.Exists(path))
        {
            return default;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new ModelFormatException(_folder, $"{name} is no JSON object.");
        }
        catch (JsonException exception)
        {
            throw new ModelFormatException(_folder, $"{name} is no JSON: {exception.Message}", exception);
        }
    }
}
