using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks.Formats;
using MultiVecRetrieval.Eval.Benchmarks.Media;
using MultiVecRetrieval.Eval.Benchmarks.Writing;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Composed;

/// <summary>
/// CIRR: a picture and how the answer differs from it. <c>captions/cap.rc2.SPLIT.json</c>, <c>image_splits/split.rc2.SPLIT.json</c> and the
/// pictures beside. The reference is no answer; of the subset only the other members are ranked.
/// </summary>
/// <remarks>Source: Liu et al., Image Retrieval on Real-life Images with Pre-trained Vision-and-Language Models, ICCV 2021.</remarks>
internal static class CirrReader
{
    private const int SubmittedCount = 50;
    private const int SubmittedOfSubset = 3;

    /// <summary>Reads a split: val, or test1, whose answers are kept back.</summary>
    public static IReadOnlyList<BenchmarkTask> Read(SuiteRequest request)
    {
        string split = request.Split ?? "val";
        Dictionary<string, string> pictures = ReadPictures(request, split);
        List<BenchmarkQuery> queries = [];
        Dictionary<string, string[]> members = new(StringComparer.Ordinal);
        Judgements judgements = new();
        foreach (TableRow row in JsonTable.ReadList(request.Require($"captions/cap.rc2.{split}.json")))
        {
            string id = row.Id("pairid");
            string reference = row.Id("reference");
            queries.Add(new BenchmarkQuery(id)
            {
                Text = row.Id("caption"),
                File = pictures.GetValueOrDefault(reference) ?? throw new BenchmarkFormatException(row.Source, "a reference of the split", reference),
                Excluded = [reference],
            });
            members[id] = [.. row.List("img_set.members").Where(name => name != reference)];
            if (row.Text("target_hard") is { } target)
            {
                judgements.Add(id, target, 1);
            }
        }

        return
        [
            new BenchmarkTask
            {
                Name = "CIRR",
                Split = split,
                Corpus = _ => MediaFiles.ToItems(pictures),
                Queries = queries,
                Judgements = judgements,
                Measures = ["recall@1", "recall@5", "recall@10", "recall@50"],
                Depth = pictures.Count,
                Special = run => judgements.QueryIds.Count == 0 ? [] : Score(run, judgements, members),
                WriteSubmission = (run, folder) => Submit(run, members, split, folder),
            },
        ];
    }

    // Recall within the subset, and the mean of recall@5 and that at 1 that is commonly shown.
    private static List<SpecialScore> Score(RankedRun run, Judgements judgements, Dictionary<string, string[]> members)
    {
        List<SpecialScore> scores = [];
        foreach (int k in (int[])[1, 2, 3])
        {
            scores.Add(new SpecialScore(
                FormattableString.Invariant($"recall_subset@{k}"),
                judgements.QueryIds.ToDictionary(id => id,
                    id => Subset(run, members, id).Take(k).Any(judgements.Of(id).ContainsKey) ? 1.0 : 0)));
        }

        scores.Add(new SpecialScore("(recall@5+recall_subset@1)/2", judgements.QueryIds.ToDictionary(
            id => id,
            id => ((run.Ranking(id, RankingRule.TrecEval).Take(5).Any(judgements.Of(id).ContainsKey) ? 1
                : 0) + scores[0].Values[id]) / 2)));
        return scores;
    }

    private static IEnumerable<string> Subset(RankedRun run, Dictionary<string, string[]> members, string id) =>
        run.Ranking(id, RankingRule.TrecEval).Where(members[id].Contains);

    private static void Submit(RankedRun run, Dictionary<string, string[]> members, string split, string folder)
    {
        Write("recall", id => run.Ranking(id, RankingRule.TrecEval).Take(SubmittedCount));
        Write("recall_subset", id => Subset(run, members, id).Take(SubmittedOfSubset));

        void Write(string metric, Func<string, IEnumerable<string>> rank)
        {
            Dictionary<string, object> file = new(StringComparer.Ordinal) { ["version"] = "rc2", ["metric"] = metric };
            foreach (string id in run.QueryIds)
            {
                file[id] = rank(id).ToArray();
            }

            File.WriteAllText(Path.Combine(folder, $"cirr_{split}_{metric}.json"), JsonSerializer.Serialize(file, RunFiles.Json));
        }
    }

    private static Dictionary<string, string> ReadPictures(SuiteRequest request, string split)
    {
        string file = request.Require($"image_splits/split.rc2.{split}.json");
        Dictionary<string, string> pictures = new(StringComparer.Ordinal);
        using JsonDocument document = JsonTable.Parse(file);
        foreach (JsonProperty picture in document.RootElement.EnumerateObject())
        {
            string path = Path.Combine(request.Root, picture.Value.GetString()!);
            pictures[picture.Name] = File.Exists(path) ? path : Path.Combine(request.Root, "img_raw", picture.Value.GetString()!);
        }

        return pictures;
    }
}
