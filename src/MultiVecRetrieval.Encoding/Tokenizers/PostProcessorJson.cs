using System.Text.Json;

namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>Reads the post_processor section of tokenizer.json as the special tokens around a single text.</summary>
internal static class PostProcessorJson
{
    /// <exception cref="FormatException">The kind is not supported or names an unknown token.</exception>
    public static SpecialFrame Read(JsonElement json, Func<string, int?> findId)
    {
        if (json.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return SpecialFrame.Empty;
        }

        string type = json.GetProperty("type").GetString()!;
        return type switch
        {
            "TemplateProcessing" => Template(json, findId),
            "RobertaProcessing" or "BertProcessing" => new SpecialFrame([Id(json.GetProperty("cls"))], [Id(json.GetProperty("sep"))]),
            "ByteLevel" => SpecialFrame.Empty,
            "Sequence" => json.GetProperty("processors").EnumerateArray()
                .Aggregate(SpecialFrame.Empty, (frame, processor) => frame.Within(Read(processor, findId))),
            _ => throw new FormatException($"post_processor {type} is not supported"),
        };
    }

    private static int Id(JsonElement pair) => pair[1].GetInt32();

    private static SpecialFrame Template(JsonElement json, Func<string, int?> findId)
    {
        List<int> prefix = [], suffix = [];
        bool seenText = false;
        foreach (JsonElement item in json.GetProperty("single").EnumerateArray())
        {
            if (item.TryGetProperty("Sequence", out _))
            {
                seenText = !seenText ? true : throw new FormatException("a template that repeats the text is not supported");
                continue;
            }

            string name = item.GetProperty("SpecialToken").GetProperty("id").GetString()!;
            (seenText ? suffix : prefix).AddRange(Ids(json, name, findId));
        }

        return seenText ? new SpecialFrame(prefix, suffix) : throw new FormatException("the template has no place for the text");
    }

    /// <summary>The ids that a template means by the name of a special token.</summary>
    /// <exception cref="FormatException">There is no such token.</exception>
    public static IEnumerable<int> Ids(JsonElement json, string name, Func<string, int?> findId) =>
        json.TryGetProperty("special_tokens", out JsonElement tokens) && tokens.TryGetProperty(name, out JsonElement token)
            ? token.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())
            : [findId(name) ?? throw new FormatException($"the template names {name}, which is no token")];
}
