using System.Text.Json;
using MultiVecRetrieval.Encoding.Tokenizers.Segmentation;

namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>Reads tokenizer.json. Vocabulary and merges, tens of megabytes in large models, are streamed, never built as a tree.</summary>
internal static class TokenizerJson
{
    private static readonly JsonReaderOptions ReaderOptions = new() { CommentHandling = JsonCommentHandling.Skip };

    /// <exception cref="FormatException">A component is not supported or inconsistent.</exception>
    /// <exception cref="JsonException">The file is no valid JSON.</exception>
    public static TokenizerDefinition Read(ReadOnlyMemory<byte> json)
    {
        json = WithoutByteOrderMark(json);
        Dictionary<string, ReadOnlyMemory<byte>> sections = Sections(json);
        if (!sections.TryGetValue("model", out ReadOnlyMemory<byte> model))
        {
            throw new FormatException("it has no model");
        }

        Dictionary<string, ReadOnlyMemory<byte>> parts = Sections(model);
        ISegmenter segmenter = ReadModel(parts, out string kind);
        List<AddedToken> added = [];
        foreach (JsonElement token in Items(sections, "added_tokens"))
        {
            added.Add(new AddedToken(
                token.GetProperty("content").GetString()!,
                token.GetProperty("id").GetInt32(),
                Flag(token, "normalized") ?? !(Flag(token, "special") ?? false),
                Flag(token, "single_word") ?? false,
                Flag(token, "lstrip") ?? false,
                Flag(token, "rstrip") ?? false));
        }

        JsonElement padding = Element(sections, "padding");
        JsonElement truncation = Element(sections, "truncation");
        int? FindId(string token) => added.FirstOrDefault(item => item.Content == token)?.Id
            ?? (segmenter.Vocabulary.TryGetId(token, out int id) ? id : null);
        return new TokenizerDefinition
        {
            Source = $"{kind} (tokenizer.json)",
            Segmenter = segmenter,
            Normalizer = NormalizerJson.Read(Element(sections, "normalizer")),
            PreTokenizer = PreTokenizerJson.Read(Element(sections, "pre_tokenizer")),
            AddedTokens = added,
            Frame = PostProcessorJson.Read(Element(sections, "post_processor"), FindId),
            Pair = PairTemplateJson.Read(Element(sections, "post_processor"), FindId),
            PadId = padding.ValueKind == JsonValueKind.Object ? padding.GetProperty("pad_id").GetInt32() : null,
            PadsLeft = IsLeft(padding),
            TruncatesLeft = IsLeft(truncation),
            MaxLength = truncation.ValueKind == JsonValueKind.Object ? truncation.GetProperty("max_length").GetInt32() : null,
        };
    }

    /// <summary>Reads an object of tokens to ids.</summary>
    public static Vocabulary ReadVocabulary(ReadOnlyMemory<byte> json)
    {
        json = WithoutByteOrderMark(json);
        Vocabulary vocabulary = new(json.Length / 20);
        Utf8JsonReader reader = new(json.Span, ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string token = reader.GetString()!;
            reader.Read();
            vocabulary.Add(token, reader.GetInt32());
        }

        return vocabulary;
    }

    private static ISegmenter ReadModel(Dictionary<string, ReadOnlyMemory<byte>> parts, out string kind)
    {
        // Old files leave the type out; merges tell BPE, a word prefix WordPiece.
        kind = Text(parts, "type")
            ?? (parts.ContainsKey("merges") ? "BPE" : parts.ContainsKey("continuing_subword_prefix") ? "WordPiece" : "Unigram");
        if (!parts.TryGetValue("vocab", out ReadOnlyMemory<byte> vocab))
        {
            throw new FormatException("the model has no vocab");
        }

        switch (kind)
        {
            case "BPE":
                return ReadBpe(parts, ReadVocabulary(vocab));
            case "WordPiece":
                Vocabulary words = ReadVocabulary(vocab);
                string unknown = Text(parts, "unk_token") ?? "[UNK]";
                return new WordPieceSegmenter(
                    words,
                    Text(parts, "continuing_subword_prefix") ?? "##",
                    words.TryGetId(unknown, out int id) ? id : throw new FormatException($"the vocabulary has no {unknown}"),
                    Element(parts, "max_input_chars_per_word") is { ValueKind: JsonValueKind.Number } longest ? longest.GetInt32() : 100);
            case "Unigram":
                return ReadUnigram(parts, vocab);
            default:
                throw new FormatException($"model {kind} is not supported");
        }
    }

    private static BpeSegmenter ReadBpe(Dictionary<string, ReadOnlyMemory<byte>> parts, Vocabulary vocabulary)
    {
        if (Element(parts, "dropout") is { ValueKind: JsonValueKind.Number } dropout && dropout.GetDouble() > 0)
        {
            throw new FormatException("the model has dropout, which makes tokens random and is not supported");
        }

        string prefix = Text(parts, "continuing_subword_prefix") ?? "";
        MergeTable merges = new(vocabulary, prefix);
        if (parts.TryGetValue("merges", out ReadOnlyMemory<byte> json))
        {
            ReadMerges(json.Span, merges);
        }

        return new BpeSegmenter(vocabulary, merges.Pairs, new BpeOptions
        {
            UnknownId = Text(parts, "unk_token") is { } unknown && vocabulary.TryGetId(unknown, out int id) ? id : null,
            ContinuingPrefix = prefix,
            EndOfWordSuffix = Text(parts, "end_of_word_suffix") ?? "",
            FusesUnknown = Element(parts, "fuse_unk").ValueKind == JsonValueKind.True,
            FallsBackToBytes = Element(parts, "byte_fallback").ValueKind == JsonValueKind.True,
            IgnoresMerges = Element(parts, "ignore_merges").ValueKind == JsonValueKind.True,
        });
    }

    // Either "left right" or ["left", "right"]; the second form allows spaces inside tokens.
    private static void ReadMerges(ReadOnlySpan<byte> json, MergeTable merges)
    {
        Utf8JsonReader reader = new(json, ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                merges.Add(reader.GetString()!);
                continue;
            }

            reader.Read();
            string left = reader.GetString()!;
            reader.Read();
            merges.Add(left, reader.GetString()!);
            reader.Read();
        }
    }

    private static UnigramSegmenter ReadUnigram(Dictionary<string, ReadOnlyMemory<byte>> parts, ReadOnlyMemory<byte> vocab)
    {
        Vocabulary vocabulary = new(vocab.Length / 32);
        List<double> scores = [];
        Utf8JsonReader reader = new(vocab.Span, ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            reader.Read();
            vocabulary.Add(reader.GetString()!, scores.Count);
            reader.Read();
            scores.Add(reader.GetDouble());
            reader.Read();
        }

        JsonElement unknown = Element(parts, "unk_id");
        return new UnigramSegmenter(
            vocabulary,
            [.. scores],
            unknown.ValueKind == JsonValueKind.Number ? unknown.GetInt32() : null,
            Element(parts, "byte_fallback").ValueKind == JsonValueKind.True);
    }

    /// <summary>The raw bytes of each property of an object.</summary>
    private static Dictionary<string, ReadOnlyMemory<byte>> Sections(ReadOnlyMemory<byte> json)
    {
        Dictionary<string, ReadOnlyMemory<byte>> sections = [];
        Utf8JsonReader reader = new(json.Span, ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("a JSON object is expected");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            sections[name] = json[start..(int)reader.BytesConsumed];
        }

        return sections;
    }

    private static JsonElement Element(Dictionary<string, ReadOnlyMemory<byte>> sections, string name)
    {
        if (!sections.TryGetValue(name, out ReadOnlyMemory<byte> json))
        {
            return default;
        }

        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static JsonElement.ArrayEnumerator Items(Dictionary<string, ReadOnlyMemory<byte>> sections, string name) =>
        Element(sections, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : default;

    private static string? Text(Dictionary<string, ReadOnlyMemory<byte>> sections, string name) =>
        Element(sections, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static bool? Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetBoolean() : null;

    private static bool IsLeft(JsonElement section) =>
        section.ValueKind == JsonValueKind.Object && section.TryGetProperty("direction", out JsonElement direction)
        && string.Equals(direction.GetString(), "left", StringComparison.OrdinalIgnoreCase);

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> json) =>
        json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
}
