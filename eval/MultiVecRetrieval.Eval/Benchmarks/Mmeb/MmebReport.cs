using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks.Writing;

namespace MultiVecRetrieval.Eval.Benchmarks.Mmeb;

/// <summary>The file that the leaderboard of MMEB takes: the scores of all data sets by modality.</summary>
internal static class MmebReport
{
    /// <summary>Writes <c>report.json</c> of the <c>_score.json</c> files in the folders of modalities below.</summary>
    public static void Write(string folder)
    {
        Dictionary<string, object> metrics = new(StringComparer.Ordinal);
        foreach (string modality in (string[])["image", "video", "visdoc"])
        {
            metrics[modality] = Read(Path.Combine(folder, modality));
        }

        Dictionary<string, object?> report = new(StringComparer.Ordinal)
        {
            ["metadata"] = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["model_name"] = null,
                ["model_backbone"] = null,
                ["model_size"] = null,
                ["embedding_dimension"] = null,
                ["max_length_tokens"] = null,
                ["model_release_date"] = null,
                ["data_source"] = "Self-Reported",
                ["url"] = null,
                ["report_generated_date"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            },
            ["metrics"] = metrics,
        };
        File.WriteAllText(Path.Combine(folder, "report.json"), JsonSerializer.Serialize(report, RunFiles.Json) + "\n");
    }

    // The data of the two tasks of pages was corrected, and they are known by that.
    private static Dictionary<string, JsonElement> Read(string folder)
    {
        const string Suffix = "_score.json";
        Dictionary<string, JsonElement> scores = new(StringComparer.Ordinal);
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Suffix) : [];
        foreach (string path in files.Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(path)[..^Suffix.Length];
            string known = name is "ViDoSeek-page" or "MMLongBench-page" ? name + "-fixed" : name;
            scores[known] = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(path));
        }

        return scores;
    }
}
