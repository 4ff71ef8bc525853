using System.Text.Encodings.Web;
using System.Text.Json;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.KnownItems;

/// <summary>Known-item queries as <c>queries.jsonl</c> (one <c>{"id","query"}</c> a line) and <c>qrels.txt</c>.</summary>
internal static class KnownItemFiles
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string folder, IEnumerable<KnownItem> items)
    {
        Directory.CreateDirectory(folder);
        using (StreamWriter writer = new(Path.Combine(folder, "queries.jsonl")) { NewLine = "\n" })
        {
            foreach (KnownItem item in items)
            {
                writer.WriteLine(JsonSerializer.Serialize(new QueryLine(item.Id, item.Text), Json));
            }
        }
        ToJudgements(items).Write(Path.Combine(folder, "qrels.txt"));
    }

    public static Judgements ToJudgements(IEnumerable<KnownItem> items)
    {
        Judgements judgements = new();
        foreach (KnownItem item in items)
        {
            foreach (string key in item.EntryKeys)
            {
                judgements.Add(item.Id, key, 1);
            }
        }
        return judgements;
    }

    private sealed record QueryLine(string Id, string Query);
}
