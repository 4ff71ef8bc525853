using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks.Running;
using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Eval.Benchmarks.Writing;

/// <summary>
/// Files as <c>mteb</c> reads and writes them: <c>TASK.json</c> of a task's results, and <c>TASK_predictions.json</c>, from which its
/// scorer computes the same again.
/// </summary>
internal static class MtebFiles
{
    private static readonly int[] Cuts = [1, 3, 5, 10, 20, 100, 1000];

    // What mteb calls the measures; all but the reciprocal rank are rounded to five decimals.
    private static readonly (string Name, string Measure, bool IsRounded)[] Measures =
    [
        ("ndcg_at_", "ndcg", true), ("map_at_", "map", true), ("recall_at_", "recall", true), ("precision_at_", "precision", true),
        ("mrr_at_", "mrr", false), ("hit_rate_at_", "hit", true),
    ];

    /// <summary>Writes both files of a task into a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="runs">The runs of its subsets.</param>
    /// <param name="model">Name of the model as the leaderboard is to show it.</param>
    /// <param name="revision">Its revision.</param>
    public static void Write(string folder, IReadOnlyList<FinishedRun> runs, string model, string revision)
    {
        Directory.CreateDirectory(folder);
        string name = runs[0].Task.Name;
        File.WriteAllText(
            Path.Combine(folder, $"{name}_predictions.json"), JsonSerializer.Serialize(ToPredictions(runs, model, revision), RunFiles.Json) + "\n");
        if (runs.All(run => run.Task.Judgements.QueryIds.Count > 0))
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.json"), JsonSerializer.Serialize(ToResults(runs), RunFiles.Json) + "\n");
        }
    }

    /// <summary>The scores of a run by the names of mteb, ties broken as it breaks them.</summary>
    public static Dictionary<string, object> Score(FinishedRun run)
    {
        Dictionary<string, object> scores = new(StringComparer.Ordinal);
        foreach ((string name, string measure, bool isRounded) in Measures)
        {
            IReadOnlyList<Measure> measures = Measure.ParseAll(Cuts.Select(k => FormattableString.Invariant($"{measure}@{k}")));
            foreach ((int k, MeasuredRun measured) in Cuts.Zip(MeasuredRun.Compute(run.Run, run.Task.Judgements, measures)))
            {
                double mean = measured.Values.Values.Average();
                scores[FormattableString.Invariant($"{name}{k}")] = isRounded ? DecimalRounding.Round(mean, 5) : mean;
            }
        }

        scores["accuracy"] = scores["recall_at_1"];
        scores["main_score"] = scores[MainScoreOf(run.Task)];
        scores["hf_subset"] = run.Task.Subset;
        scores["languages"] = run.Task.Languages;
        return scores;
    }

    private static string MainScoreOf(BenchmarkTask task)
    {
        string[] main = task.Measures[0].Split('@');
        string name = Measures.FirstOrDefault(measure => measure.Measure == main[0]).Name ?? "ndcg_at_";
        string cut = main.Length == 2 && Array.Exists(Cuts, k => main[1] == FormattableString.Invariant($"{k}")) ? main[1] : "10";
        return name + cut;
    }

    private static Dictionary<string, object?> ToResults(IReadOnlyList<FinishedRun> runs) => new(StringComparer.Ordinal)
    {
        ["dataset_revision"] = "local",
        ["task_name"] = runs[0].Task.Name,
        ["mteb_version"] = null,
        ["scores"] = new Dictionary<string, object>(StringComparer.Ordinal) { [runs[0].Task.Split] = runs.Select(Score).ToArray() },
        ["evaluation_time"] = runs.Sum(run => run.Elapsed.TotalSeconds),
        ["kg_co2_emissions"] = null,
    };

    private static Dictionary<string, object> ToPredictions(IReadOnlyList<FinishedRun> runs, string model, string revision)
    {
        Dictionary<string, object> file = new(StringComparer.Ordinal)
        {
            ["mteb_model_meta"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["model_name"] = model, ["revision"] = revision },
        };
        foreach (FinishedRun run in runs)
        {
            file[run.Task.Subset] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [run.Task.Split] = run.Task.Queries.ToDictionary(query => query.Id, query => run.Run.Scores(query.Id),
                    StringComparer.Ordinal),
            };
        }

        return file;
    }
}
