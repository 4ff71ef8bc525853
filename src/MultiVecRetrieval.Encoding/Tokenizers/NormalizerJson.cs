using System.Text;
using System.Text.Json;
using MultiVecRetrieval.Encoding.Tokenizers.Normalizers;
using MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>Reads the normalizer section of tokenizer.json.</summary>
internal static class NormalizerJson
{
    /// <summary>The normalizer; null for a missing or null section.</summary>
    /// <exception cref="FormatException">The kind is not supported; it is named.</exception>
    public static INormalizer? Read(JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        string type = json.GetProperty("type").GetString()!;
        return type switch
        {
            "Sequence" => new NormalizerSequence([.. json.GetProperty("normalizers").EnumerateArray().Select(Read).OfType<INormalizer>()]),
            "NFC" => new UnicodeForm(NormalizationForm.FormC),
            "NFD" => new UnicodeForm(NormalizationForm.FormD),
            "NFKC" => new UnicodeForm(NormalizationForm.FormKC),
            "NFKD" => new UnicodeForm(NormalizationForm.FormKD),
            "Lowercase" => new RuneNormalizer(CharacterRules.AppendLower),
            "StripAccents"
                => new RuneNormalizer(static (rune, result) => result.Append(CharacterRules.IsMark(rune) ? "" : rune.ToString())),
            "Nmt" => new RuneNormalizer(CharacterRules.AppendNmt),
            "BertNormalizer" => Bert(json),
            "Replace" => new ReplaceNormalizer(PatternJson.Read(json.GetProperty("pattern")), json.GetProperty("content").GetString()!),
            "Strip" => Strip(Flag(json, "strip_left") ?? true, Flag(json, "strip_right") ?? true),
            "Prepend" => Prepend(json.GetProperty("prepend").GetString()!),
            "Precompiled" => Precompiled(json),
            "ByteLevel" => new TextNormalizer(ByteAlphabet.Encode),
            _ => throw new FormatException($"normalizer {type} is not supported"),
        };
    }

    private static BertNormalizer Bert(JsonElement json)
    {
        bool lowercase = Flag(json, "lowercase") ?? true;
        return new BertNormalizer(Flag(json, "clean_text") ?? true, Flag(json, "handle_chinese_chars") ?? true, Flag(json, "strip_accents")
            ?? lowercase, lowercase);
    }

    private static TextNormalizer Strip(bool left, bool right) =>
        new(text => (left, right) switch
        {
            (true, true) => text.Trim(),
            (true, false) => text.TrimStart(),
            (false, true) => text.TrimEnd(),
            _ => text,
        });

    private static TextNormalizer Prepend(string prefix) => new(text => text.Length == 0 ? text : prefix + text);

    private static PrecompiledNormalizer? Precompiled(JsonElement json) =>
        json.GetProperty("precompiled_charsmap") is { ValueKind: JsonValueKind.String } map
            && map.GetBytesFromBase64() is { Length: > 0 } bytes
            ? new PrecompiledNormalizer(bytes)
            : null;

    private static bool? Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetBoolean() : null;
}
