using System.Text.Json;

namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>Finds the tokenizer files of a model folder and the settings beside them.</summary>
internal sealed class TokenizerFolder
{
    private static readonly string[] ConfigFiles = ["tokenizer_config.json", "special_tokens_map.json", "config.json"];
    private readonly string _folder;
    private readonly JsonElement _tokenizerConfig;
    private readonly JsonElement _specialTokens;
    private readonly JsonElement _config;

    private TokenizerFolder(string folder)
    {
        _folder = folder;
        JsonElement[] configs = [.. ConfigFiles.Select(name => At(name, () => ReadObject(name)))];
        (_tokenizerConfig, _specialTokens, _config) = (configs[0], configs[1], configs[2]);
    }

    /// <exception cref="ModelFormatException">No tokenizer, a damaged file, or a component that is not supported.</exception>
    public static Tokenizer Load(string folder, TokenizerOptions options) => new TokenizerFolder(folder).Load(options);

    private Tokenizer Load(TokenizerOptions options)
    {
        bool hasVocabulary = Has("vocab.json") && Has("merges.txt");
        bool isClipVocabulary = false;
        TokenizerDefinition definition;
        string file = "tokenizer.json";
        if (Has(file))
        {
            definition = At(file, () => TokenizerJson.Read(File.ReadAllBytes(Full(file))));
        }
        else if (hasVocabulary)
        {
            file = "vocab.json";
            definition =
                At("vocab.json and merges.txt",
                () => BpeFiles.Read(Full("vocab.json"), Full("merges.txt"), Text("tokenizer_class"), out isClipVocabulary));
        }
        else if (Has("vocab.txt"))
        {
            file = "vocab.txt";
            definition = At(file, () => WordPieceFile.Read(
                Full("vocab.txt"), Flag("do_lower_case") ?? true, Flag("strip_accents"), Flag("tokenize_chinese_chars") ?? true));
        }
        else
        {
            string[] pieces = ["spiece.model", "sentencepiece.bpe.model", "tokenizer.model"];
            string? model = pieces.FirstOrDefault(Has);
            throw new ModelFormatException(_folder, model is null
                ? "it has no tokenizer: neither tokenizer.json, vocab.json with merges.txt, nor vocab.txt."
                : $"{model} is a bare SentencePiece model, which is not supported; save the tokenizer as tokenizer.json.");
        }

        return At(file, () => new Tokenizer(WithSettings(definition), options.CleansLikeOpenAi ?? isClipVocabulary));
    }

    // Padding follows the Hugging Face order: what the tokenizer's own files name, then the padding section, then the model's config.
    private TokenizerDefinition WithSettings(TokenizerDefinition definition)
    {
        string? pad = TokenText(_tokenizerConfig, "pad_token") ?? TokenText(_specialTokens, "pad_token");
        int? padId = pad is null ? null : Id(definition, pad);
        return definition with
        {
            PadId = padId ?? definition.PadId ?? TextConfigNumber("pad_token_id"),
            PadsLeft = Text("padding_side") is { } padding ? padding == "left" : definition.PadsLeft,
            TruncatesLeft = Text("truncation_side") is { } truncation ? truncation == "left" : definition.TruncatesLeft,
            MaxLength = FindMaxLength() ?? definition.MaxLength,
        };
    }

    private int? FindMaxLength()
    {
        // A number like 1e30 stands for "no limit".
        if (Find(_tokenizerConfig, "model_max_length") is { ValueKind: JsonValueKind.Number } value
            && value.GetDouble() is >= 1 and <= 1_000_000)
        {
            return (int)value.GetDouble();
        }

        // RoBERTa counts positions from pad + 1 = 2, so two of them are never used.
        bool isRoberta = Find(_config, "model_type") is { ValueKind: JsonValueKind.String } type
            && type.GetString()!.Contains("roberta", StringComparison.Ordinal);
        return TextConfigNumber("max_position_embeddings") is { } positions ? positions - (isRoberta ? 2 : 0) : null;
    }

    private int? TextConfigNumber(string key)
    {
        JsonElement text = Find(_config, "text_config") ?? _config;
        return Find(text, key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) && number >= 0
            ? number
            : null;
    }

    private static int? Id(TokenizerDefinition definition, string token) =>
        definition.AddedTokens.FirstOrDefault(added => added.Content == token)?.Id
        ?? (definition.Segmenter.Vocabulary.TryGetId(token, out int id) ? id : null);

    // Either a text or an object with its content.
    private static string? TokenText(JsonElement root, string key) => Find(root, key) switch
    {
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { ValueKind: JsonValueKind.Object } value => Find(value, "content")?.GetString(),
        _ => null,
    };

    private string? Text(string key) => Find(_tokenizerConfig, key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private bool? Flag(string key) => Find(_tokenizerConfig, key) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => null,
    };

    private static JsonElement? Find(JsonElement root, string key) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private JsonElement ReadObject(string name)
    {
        if (!Has(name))
        {
            return default;
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Full(name)));
        return document.RootElement.Clone();
    }

    private bool Has(string name) => File.Exists(Full(name));

    private string Full(string name) => Path.Combine(_folder, name);

    // The readers speak of contents; here the folder and the file are added.
    private T At<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or KeyNotFoundException
            or ArgumentException or OverflowException)
        {
            throw new ModelFormatException(_folder, $"{file}: {exception.Message}");
        }
    }
}
