using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks.Formats;
using MultiVecRetrieval.Eval.Benchmarks.Media;
using MultiVecRetrieval.Eval.Metrics;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Composed;

/// <summary>
/// CIRCO: a picture of COCO and how the answers differ from it, of which there are several. <c>annotations/SPLIT.json</c> and the pictures
/// in <c>COCO2017_unlabeled/unlabeled2017</c>.
/// </summary>
/// <remarks>Source: Baldrati et al., Zero-Shot Composed Image Retrieval with Textual Inversion, ICCV 2023.</remarks>
internal static class CircoReader
{
    private const int SubmittedCount = 50;

    /// <summary>Reads a split: val, or test, whose answers are kept back.</summary>
    public static IReadOnlyList<BenchmarkTask> Read(SuiteRequest request)
    {
        string split = request.Split ?? "val";
        string folder = FindPictures(request);
        List<BenchmarkQuery> queries = [];
        Dictionary<string, string> targets = new(StringComparer.Ordinal);
        Dictionary<string, IReadOnlyList<string>> aspects = new(StringComparer.Ordinal);
        Judgements judgements = new();
        foreach (TableRow row in JsonTable.ReadList(request.Require($"annotations/{split}.json")))
        {
            string id = row.Id("id");
            queries.Add(new BenchmarkQuery(id)
            {
                Text = row.Id("relative_caption"),
                File = PictureOf(folder, row.Id("reference_img_id")),
            });
            foreach (string answer in row.List("gt_img_ids"))
            {
                judgements.Add(id, answer, 1);
            }

            aspects[id] = row.List("semantic_aspects");
            if (row.Text("target_img_id") is { } target)
            {
                targets[id] = target;
            }
        }

        return
        [
            new BenchmarkTask
            {
                Name = "CIRCO",
                Split = split,
                Corpus = _ => MediaFiles.ToItems(Directory.EnumerateFiles(folder, "*.jpg").Order(StringComparer.Ordinal)
                    .Select(path => (IdOf(path), path))),
                Queries = queries,
                Judgements = judgements,
                Measures = ["cappedmap@5", "cappedmap@10", "cappedmap@25", "cappedmap@50"],
                Depth = SubmittedCount,
                Special = run => targets.Count == 0 ? [] : Score(run, judgements, targets, aspects),
                WriteSubmission = (run, output) => Submit(run, split, output),
            },
        ];
    }

    /// <summary>Recall of the one target, and mAP@10 of each aspect.</summary>
    internal static IReadOnlyList<SpecialScore> Score(
        RankedRun run,
        Judgements judgements,
        IReadOnlyDictionary<string, string> targets,
        IReadOnlyDictionary<string, IReadOnlyList<string>> aspects)
    {
        List<SpecialScore> scores = [];
        foreach (int k in (int[])[5, 10, 25, 50])
        {
            scores.Add(new SpecialScore(
                FormattableString.Invariant($"recall_target@{k}"),
                targets.ToDictionary(pair => pair.Key,
                    pair => run.Ranking(pair.Key, RankingRule.TrecEval).Take(k).Contains(pair.Value) ? 1.0 : 0)));
        }

        foreach (string aspect in aspects.Values.SelectMany(names => names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            scores.Add(new SpecialScore($"map@10 {aspect}", aspects.Where(pair => pair.Value.Contains(aspect)).ToDictionary(
                pair => pair.Key,
                pair => RetrievalMetrics.CappedAveragePrecisionAt(10, run.Ranking(pair.Key, RankingRule.TrecEval),
                    judgements.Of(pair.Key)))));
        }

        return scores;
    }

    // The server takes lists of numbers under consecutive ids from 0.
    private static void Submit(RankedRun run, string split, string folder)
    {
        Dictionary<string, int[]> file = new(StringComparer.Ordinal);
        foreach (string id in run.QueryIds.OrderBy(id => int.Parse(id, CultureInfo.InvariantCulture)))
        {
            if (id != file.Count.ToString(CultureInfo.InvariantCulture))
            {
                // Of a part of the questions there is nothing to submit.
                return;
            }

            file[id] =
                [.. run.Ranking(id, RankingRule.TrecEval).Take(SubmittedCount).Select(key => int.Parse(key, CultureInfo.InvariantCulture))];
        }

        File.WriteAllText(Path.Combine(folder, $"circo_{split}_submission.json"), JsonSerializer.Serialize(file));
    }

    private static string FindPictures(SuiteRequest request)
    {
        string[] folders = ["COCO2017_unlabeled/unlabeled2017", "unlabeled2017"];
        return folders.Select(folder => Path.Combine(request.Root, folder)).FirstOrDefault(Directory.Exists)
            ?? throw new BenchmarkFormatException(request.Root, $"the pictures in {folders[0]}", "no such folder");
    }

    private static string PictureOf(string folder, string id) => Path.Combine(folder, $"{id.PadLeft(12, '0')}.jpg");

    private static string IdOf(string path) => Path.GetFileNameWithoutExtension(path).TrimStart('0') is { Length: > 0 } id ? id : "0";
}
