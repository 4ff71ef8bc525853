using System.Globalization;
using System.Text;
using MultiVecRetrieval.Eval.KnownItems;
using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Eval.Pages;

/// <summary>The scores of all runs as one table, for all queries and by kind of query.</summary>
internal sealed class SuiteReport(IReadOnlyList<KnownItem> items, IReadOnlyList<SuiteRun> runs)
{
    /// <summary>A Markdown table with means and 95 % bootstrap intervals.</summary>
    public string ToMarkdown()
    {
        StringBuilder table = new();
        table.AppendLine("| queries | side | hit@1 | recall@1 | recall@10 | nDCG@10 | median ms |");
        table.AppendLine("|---|---|---|---|---|---|---|");
        AppendRows(table, $"all ({items.Count})", include: null);
        foreach (IGrouping<KnownItemKind, KnownItem> kind in items.GroupBy(item => item.Kind))
        {
            HashSet<string> ids = [.. kind.Select(item => item.Id)];
            AppendRows(table, $"{kind.Key.ToString().ToLowerInvariant()} ({ids.Count})", ids.Contains);
        }
        return table.ToString().TrimEnd();
    }

    private void AppendRows(StringBuilder table, string queries, Func<string, bool>? include)
    {
        foreach (SuiteRun run in runs)
        {
            RunScores scores = RunScores.Compute(run.Run, run.Judgements, include);
            string time = run.MedianMs > 0 ? run.MedianMs.ToString("0.0", CultureInfo.InvariantCulture) : "";
            table.AppendLine(CultureInfo.InvariantCulture,
                $"| {queries} | {run.Name} | {scores.HitAt1} | {scores.RecallAt1} | {scores.RecallAt10} | {scores.NdcgAt10} | {time} |");
        }
    }
}
