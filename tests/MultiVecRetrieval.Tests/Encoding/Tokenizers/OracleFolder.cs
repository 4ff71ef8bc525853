using System.Text;
using System.Text.Json.Nodes;

namespace MultiVecRetrieval.Tests.Encoding.Tokenizers;

/// <summary>Writes folders with a tokenizer.json of each family, its vocabulary learned from a text in a simple way.</summary>
internal static class OracleFolder
{
    private const string Sample =
        "the pump the pumps pumping pressure pressures of the engine, 250 bar; naïve café über Zürich façade 東京 東京都 привет мир привет "
        + "don't won't it's we're hydraulic hydraulics 12 123 1234 3.14 -- ... !!! 😀 the quick brown fox jumps over the lazy dog";

    /// <param name="kind">The family.</param>
    /// <param name="folder">Where tokenizer.json is written.</param>
    /// <param name="special">Tokens that are found in the text as they are.</param>
    public static void Write(string kind, string folder, params string[] special)
    {
        JsonObject tokenizer = kind switch
        {
            "WordPiece" => CreateWordPiece(),
            "ByteLevelBpe" => CreateByteLevelBpe(),
            "Unigram" => CreateUnigram(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such family."),
        };
        int next = tokenizer["model"]!["vocab"] is JsonObject vocabulary ? vocabulary.Count : tokenizer["model"]!["vocab"]!.AsArray().Count;
        foreach (string token in special)
        {
            tokenizer["added_tokens"]!.AsArray().Add(new JsonObject
            {
                ["id"] = next++,
                ["content"] = token,
                ["single_word"] = false,
                ["lstrip"] = false,
                ["rstrip"] = false,
                ["normalized"] = false,
                ["special"] = true,
            });
        }

        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), tokenizer.ToJsonString());
    }

    private static JsonObject CreateWordPiece()
    {
        List<string> tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
        foreach (Rune rune in Sample.EnumerateRunes().Concat("abcdefghijklmnopqrstuvwxyz0123456789".EnumerateRunes()))
        {
            tokens.AddRange([rune.ToString(), "##" + rune]);
        }

        string[] words = [.. Sample.Split(' ')];
        tokens.AddRange([.. words, .. words.Where(word => word.Length > 3).SelectMany(word => new[] { word[..3], "##" + word[3..] })]);
        JsonObject vocabulary = Number(tokens.Distinct(StringComparer.Ordinal));
        return Create(
            new JsonObject
            {
                ["type"] = "WordPiece",
                ["unk_token"] = "[UNK]",
                ["continuing_subword_prefix"] = "##",
                ["max_input_chars_per_word"] = 100,
                ["vocab"] = vocabulary,
            },
            new JsonObject
            {
                ["type"] = "BertNormalizer",
                ["clean_text"] = true,
                ["handle_chinese_chars"] = true,
                ["strip_accents"] = null,
                ["lowercase"] = true,
            },
            new JsonObject { ["type"] = "BertPreTokenizer" },
            new JsonObject
            {
                ["type"] = "BertProcessing",
                ["sep"] = new JsonArray("[SEP]", 3),
                ["cls"] = new JsonArray("[CLS]", 2),
            });
    }

    // Pairs are merged in the order of how often they stand beside each other in the sample, as BPE is trained.
    private static JsonObject CreateByteLevelBpe()
    {
        List<string> tokens = [.. Enumerable.Range(0, 256).Select(value => ByteCharacter(value).ToString())];
        List<List<string>> words = [.. Sample.Split(' ').Select((word, i) => (i == 0 ? "" : " ") + word)
            .Select(word => System.Text.Encoding.UTF8.GetBytes(word).Select(value => ByteCharacter(value).ToString()).ToList())];
        JsonArray merges = [];
        for (int i = 0; i < 120; i++)
        {
            IGrouping<(string, string), (string, string)> best = words.SelectMany(word => word.Zip(word.Skip(1))).GroupBy(pair => pair)
                .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Item1 + " " + group.Key.Item2, StringComparer.Ordinal)
                .First();
            (string first, string second) = best.Key;
            merges.Add($"{first} {second}");
            tokens.Add(first + second);
            foreach (List<string> word in words)
            {
                for (int at = 0; at + 1 < word.Count; at++)
                {
                    if (word[at] == first && word[at + 1] == second)
                    {
                        word[at] = first + second;
                        word.RemoveAt(at + 1);
                    }
                }
            }
        }

        return Create(
            new JsonObject { ["type"] = "BPE", ["vocab"] = Number(tokens.Distinct(StringComparer.Ordinal)), ["merges"] = merges },
            normalizer: new JsonObject { ["type"] = "NFC" },
            new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true },
            postProcessor: null);
    }

    private static JsonObject CreateUnigram()
    {
        JsonArray vocabulary = [new JsonArray("<unk>", 0.0)];
        HashSet<string> known = ["<unk>"];
        foreach (string word in Sample.Split(' ').Select(word => "▁" + word))
        {
            for (int start = 0; start < word.Length; start++)
            {
                for (int length = 1; length <= 5 && start + length <= word.Length; length++)
                {
                    string piece = word.Substring(start, length);
                    if (!piece.Any(char.IsSurrogate) && known.Add(piece))
                    {
                        // No two scores of a text are equal, so that there is one best way to cut it.
                        vocabulary.Add(new JsonArray(piece, -8.0 + (0.9 * length) - (known.Count * 0.00137)));
                    }
                }
            }
        }

        return Create(
            new JsonObject { ["type"] = "Unigram", ["unk_id"] = 0, ["vocab"] = vocabulary, ["byte_fallback"] = false },
            normalizer: new JsonObject { ["type"] = "NFKC" },
            new JsonObject { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = "always", ["split"] = true },
            postProcessor: null);
    }

    private static JsonObject Create(JsonObject model, JsonObject normalizer, JsonObject preTokenizer, JsonObject? postProcessor) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray(),
        ["normalizer"] = normalizer,
        ["pre_tokenizer"] = preTokenizer,
        ["post_processor"] = postProcessor,
        ["decoder"] = null,
        ["model"] = model,
    };

    private static JsonObject Number(IEnumerable<string> tokens)
    {
        JsonObject vocabulary = [];
        foreach (string token in tokens)
        {
            vocabulary[token] = vocabulary.Count;
        }

        return vocabulary;
    }

    // GPT-2 writes bytes that print as themselves, the others as the characters from U+0100 on.
    private static char ByteCharacter(int value)
    {
        static bool Prints(int b) => b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
        return (char)(Prints(value) ? value : 0x100 + Enumerable.Range(0, value).Count(b => !Prints(b)));
    }
}
