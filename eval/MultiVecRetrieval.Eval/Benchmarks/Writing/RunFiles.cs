using System.Text.Encodings.Web;
using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks.Running;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Benchmarks.Writing;

/// <summary>Writes what a run leaves in its folder: <c>run.trec</c>, <c>qrels.txt</c>, <c>scores.json</c>, and the benchmark's own
/// submission files.</summary>
internal static class RunFiles
{
    /// <summary>Name of the run.</summary>
    public const string Run = "run.trec";

    /// <summary>Name of the judgements.</summary>
    public const string Judgements = "qrels.txt";

    /// <summary>Name of the scores.</summary>
    public const string Scores = "scores.json";

    /// <summary>Name of the values that scores are means of.</summary>
    public const string Values = "values.json";

    /// <summary>How files of JSON are written: indented, letters of every script as they are.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes them.</summary>
    public static ScoreSheet Write(FinishedRun finished)
    {
        BenchmarkTask task = finished.Task;
        finished.Run.Write(Path.Combine(finished.Folder, Run), tag: "mvr");
        task.Judgements.Write(Path.Combine(finished.Folder, Judgements));
        task.WriteSubmission?.Invoke(finished.Run, finished.Folder);
        return WriteScores(
            finished.Folder,
            new ScoreSheet
            {
                Task = task.Name,
                Subset = task.Subset,
                Split = task.Split,
                System = finished.System,
                Queries = task.Queries.Count,
                MedianMs = finished.MedianMs,
                LeftOut = finished.LeftOut.Count,
                Measures = [],
            },
            [
                .. finished.Measure().Select(measured => new SpecialScore(measured.Measure.Name, measured.Values)),
                .. task.Special?.Invoke(finished.Run) ?? [],
            ]);
    }

    /// <summary>Writes scores, and <c>values.json</c> with what they are means of.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="sheet">The scores without measures.</param>
    /// <param name="scores">The measures.</param>
    public static ScoreSheet WriteScores(string folder, ScoreSheet sheet, IReadOnlyList<SpecialScore> scores)
    {
        SpecialScore[] filled = [.. scores.Where(score => score.Values.Count > 0)];
        ScoreSheet full = sheet with { Measures = [.. filled.Select(ToScore)] };
        File.WriteAllText(Path.Combine(folder, Scores), JsonSerializer.Serialize(full, Json) + "\n");
        File.WriteAllText(
            Path.Combine(folder, Values), JsonSerializer.Serialize(filled.ToDictionary(score => score.Name, score => score.Values)));
        return full;
    }

    private static MeasureScore ToScore(SpecialScore score)
    {
        ConfidenceInterval mean = ConfidenceInterval.OfMean([.. score.Values.Values]);
        return new MeasureScore(score.Name, mean.Mean, mean.Low, mean.High) { Median = score.IsRank ? score.Median : null };
    }
}
