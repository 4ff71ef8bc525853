using System.Text.Json;

namespace MultiVecRetrieval.Encoding.Tokenizers;

/// <summary>Reads the post_processor section of tokenizer.json as the special tokens around two texts.</summary>
internal static class PairTemplateJson
{
    /// <summary>The frame; null when the section has none, or one that repeats or turns the texts.</summary>
    public static PairFrame? Read(JsonElement json, Func<string, int?> findId)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return json.GetProperty("type").GetString() switch
        {
            "TemplateProcessing" => Template(json, findId),
            "BertProcessing" => new PairFrame([Id(json, "cls")], [Id(json, "sep")], [Id(json, "sep")], SecondType: 1),
            "RobertaProcessing" => new PairFrame([Id(json, "cls")], [Id(json, "sep"), Id(json, "sep")], [Id(json, "sep")], SecondType: 0),
            "Sequence" => json.GetProperty("processors").EnumerateArray().Select(processor => Read(processor, findId))
                .FirstOrDefault(frame => frame is not null),
            _ => null,
        };
    }

    private static int Id(JsonElement json, string name) => json.GetProperty(name)[1].GetInt32();

    private static PairFrame? Template(JsonElement json, Func<string, int?> findId)
    {
        if (!json.TryGetProperty("pair", out JsonElement pair) || pair.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        List<int>[] parts = [[], [], []];
        int seen = 0;
        int secondType = 0;
        foreach (JsonElement item in pair.EnumerateArray())
        {
            if (item.TryGetProperty("Sequence", out JsonElement text))
            {
                if (seen == 2 || text.GetProperty("id").GetString() != (seen == 0 ? "A" : "B"))
                {
                    return null;
                }

                secondType = text.TryGetProperty("type_id", out JsonElement type) ? type.GetInt32() : 0;
                seen++;
                continue;
            }

            parts[seen].AddRange(PostProcessorJson.Ids(json, item.GetProperty("SpecialToken").GetProperty("id").GetString()!, findId));
        }

        return seen == 2 ? new PairFrame(parts[0], parts[1], parts[2], secondType) : null;
    }
}
