using System.Globalization;
using System.Text;
using MultiVecRetrieval.Eval.Benchmarks.Writing;
using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Eval.Benchmarks.Reporting;

/// <summary>Two folders of runs, compared query by query on the tasks that both have.</summary>
internal static class RunComparison
{
    /// <summary>A table in Markdown: each measure of each task, the means, their difference with its interval, and p.</summary>
    /// <exception cref="ArgumentException">They have no task in common.</exception>
    public static string ToMarkdown(string first, string second)
    {
        Dictionary<string, RunFolder> others = RunFolder.FindAll(second).ToDictionary(run => run.Task, StringComparer.Ordinal);
        StringBuilder table = new();
        table.AppendLine(CultureInfo.InvariantCulture, $"A {first}").AppendLine(CultureInfo.InvariantCulture, $"B {second}").AppendLine()
            .AppendLine("| task | measure | queries | A | B | B - A, 95 % | p |").AppendLine("|---|---|---|---|---|---|---|");
        int rows = 0;
        foreach (RunFolder run in RunFolder.FindAll(first))
        {
            if (others.TryGetValue(run.Task, out RunFolder? other))
            {
                rows += Append(table, run, other);
            }
        }

        return rows > 0 ? table.ToString() : throw new ArgumentException($"{first} and {second} have no task in common.", nameof(second));
    }

    private static int Append(StringBuilder table, RunFolder first, RunFolder second)
    {
        Dictionary<string, SpecialScore> others = second.ReadValues().ToDictionary(score => score.Name, StringComparer.Ordinal);
        int rows = 0;
        foreach (SpecialScore score in first.ReadValues())
        {
            if (others.TryGetValue(score.Name, out SpecialScore? other))
            {
                PairedComparison paired = PairedComparison.Of(score.Values, other.Values);
                string p = paired.PValue < 0.001 ? "< .001" : paired.PValue.ToString("0.000", CultureInfo.InvariantCulture);
                table.AppendLine(CultureInfo.InvariantCulture,
                    $"| {first.Task} | {score.Name} | {paired.QueryCount} | {score.Mean:0.0000} | {other.Mean:0.0000} | {paired.Difference} | {p} |");
                rows++;
            }
        }

        return rows;
    }
}
