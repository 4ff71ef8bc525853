using System.Text;
using System.Text.Json;
using MultiVecRetrieval.Encoding.Tokenizers.Normalizers;
using MultiVecRetrieval.Encoding.Tokenizers.PreTokenizers;

namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>Reads the pre_tokenizer section of tokenizer.json.</summary>
internal static class PreTokenizerJson
{
    /// <summary>The pre-tokenizer; null for a missing or null section.</summary>
    /// <exception cref="FormatException">The kind is not supported; it is named.</exception>
    public static IPreTokenizer? Read(JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        string type = json.GetProperty("type").GetString()!;
        return type switch
        {
            "Sequence" => new PreTokenizerSequence(
                [.. json.GetProperty("pretokenizers").EnumerateArray().Select(Read).OfType<IPreTokenizer>()]),
            "ByteLevel" => new ByteLevelPreTokenizer(Flag(json, "add_prefix_space") ?? true, Flag(json, "use_regex") ?? true),
            "Split" => new PatternSplitter(PatternJson.Read(json.GetProperty("pattern")), Behavior(json, null), Flag(json, "invert")
                ?? false),
            "Whitespace" => new PreTokenizerSequence([Spaces(), new WordSplitter()]),
            "WhitespaceSplit" => Spaces(),
            "BertPreTokenizer" => new PreTokenizerSequence(Bert()),
            "Metaspace" => Metaspace(json),
            "Punctuation" => new PatternSplitter(new RunePattern(CharacterRules.IsPunctuation), Behavior(json, SplitBehavior.Isolated)),
            "Digits" => new PatternSplitter(
                new RunePattern(Rune.IsNumber), Flag(json, "individual_digits") ?? false
                    ? SplitBehavior.Isolated
                    : SplitBehavior.Contiguous),
            "CharDelimiterSplit"
                => new PatternSplitter(new LiteralPattern(json.GetProperty("delimiter").GetString()!), SplitBehavior.Removed),
            _ => throw new FormatException($"pre_tokenizer {type} is not supported"),
        };
    }

    /// <summary>BERT's words: split at white space, punctuation apart.</summary>
    public static IReadOnlyList<IPreTokenizer> Bert() =>
        [Spaces(), new PatternSplitter(new RunePattern(CharacterRules.IsPunctuation), SplitBehavior.Isolated)];

    private static PatternSplitter Spaces() => new(new RunePattern(Rune.IsWhiteSpace), SplitBehavior.Removed);

    private static MetaspacePreTokenizer Metaspace(JsonElement json)
    {
        string sign = json.TryGetProperty("replacement", out JsonElement replacement) ? replacement.GetString()! : "▁";
        if (sign.Length != 1)
        {
            throw new FormatException($"Metaspace replacement {sign} is no single character below U+10000");
        }

        // Files of before prepend_scheme say the same by add_prefix_space.
        PrependScheme scheme = json.TryGetProperty("prepend_scheme", out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() switch
            {
                "always" => PrependScheme.Always,
                "first" => PrependScheme.First,
                "never" => PrependScheme.Never,
                var other => throw new FormatException($"Metaspace prepend_scheme {other} is not supported"),
            }
            : Flag(json, "add_prefix_space") ?? true ? PrependScheme.Always : PrependScheme.Never;
        return new MetaspacePreTokenizer(sign[0], scheme, Flag(json, "split") ?? true);
    }

    private static SplitBehavior Behavior(JsonElement json, SplitBehavior? missing)
    {
        string? name = json.TryGetProperty("behavior", out JsonElement value) ? value.GetString() : null;
        return name is null && missing is not null ? missing.Value
            : Enum.TryParse(name?.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out SplitBehavior behavior) ? behavior
            : throw new FormatException($"behavior {name} is not supported");
    }

    private static bool? Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetBoolean() : null;
}
