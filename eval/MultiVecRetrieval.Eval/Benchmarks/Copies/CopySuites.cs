using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks.Formats;
using MultiVecRetrieval.Eval.Benchmarks.Media;
using MultiVecRetrieval.Eval.Metrics;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Copies;

/// <summary>Benchmarks of copies among videos: FIVR and the descriptors of DVSC.</summary>
internal static class CopySuites
{
    // What counts as an answer in each of the three tasks.
    private static readonly (string Name, string[] Labels)[] FivrTasks =
        [("DSVR", ["ND", "DS"]), ("CSVR", ["ND", "DS", "CS"]), ("ISVR", ["ND", "DS", "CS", "IS"])];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BenchmarkSuite> All { get; } =
    [
        BenchmarkSuite.Of("fivr", "FIVR: annotation.json, videos; mAP of DSVR, CSVR and ISVR", ReadFivr),
        BenchmarkSuite.Of("dvsc", "DVSC: a csv of true pairs, videos in query and reference; micro-AP of pairs of videos", ReadDvsc),
    ];

    /// <summary>FIVR: which videos have which label to a query. Labels of videos that are not there do not count.</summary>
    public static IReadOnlyList<BenchmarkTask> ReadFivr(SuiteRequest request)
    {
        MediaFiles files = MediaFiles.Videos(request.Root);
        HashSet<string> there = [.. files.Ids];
        Dictionary<string, Dictionary<string, string>> labels = new(StringComparer.Ordinal);
        using JsonDocument document = JsonTable.Parse(request.RequireAny("annotation.json", "annotations.json"));
        foreach (JsonProperty query in document.RootElement.EnumerateObject().Where(query => there.Contains(query.Name)))
        {
            labels[query.Name] = query.Value.EnumerateObject()
                .SelectMany(label => label.Value.EnumerateArray().Select(video => (Video: video.GetString()!, Label: label.Name)))
                .Where(pair => there.Contains(pair.Video)).ToDictionary(pair => pair.Video, pair => pair.Label, StringComparer.Ordinal);
        }

        Judgements all = ToJudgements(labels, FivrTasks[^1].Labels);
        return
        [
            new BenchmarkTask
            {
                Name = "FIVR",
                Corpus = _ => MediaFiles.ToItems(there.Order(StringComparer.Ordinal).Select(id => (id, files.Of(id)))),
                Queries = [.. labels.Keys.Order(StringComparer.Ordinal).Select(id =>
                    new BenchmarkQuery(id) { LikeItem = id, Excluded = [id] })],
                Judgements = all,
                Measures = ["map"],
                Depth = there.Count,
                Special = run => [.. FivrTasks.Select(task => Score(run, task.Name, ToJudgements(labels, task.Labels)))],
                WriteSubmission = (run, folder) => File.WriteAllText(
                    Path.Combine(folder, "fivr_result.json"),
                    JsonSerializer.Serialize(run.QueryIds.ToDictionary(id => id, run.Scores, StringComparer.Ordinal))),
            },
        ];
    }

    /// <summary>DVSC: pairs of query and reference of which one holds a part of the other.</summary>
    public static IReadOnlyList<BenchmarkTask> ReadDvsc(SuiteRequest request)
    {
        MediaFiles queries = MediaFiles.Videos(Path.Combine(request.Root, "query"));
        MediaFiles references = MediaFiles.Videos(Path.Combine(request.Root, "reference"));
        HashSet<(string Query, string Reference)> truth = ReadPairs(Directory.EnumerateFiles(request.Root, "*.csv").Order(StringComparer.Ordinal)
            .FirstOrDefault() ?? throw new BenchmarkFormatException(request.Root, "a csv of true pairs", "none"));
        Judgements judgements = new();
        foreach ((string query, string reference) in truth)
        {
            judgements.Add(query, reference, 1);
        }

        string[] candidates = [.. references.Ids.Order(StringComparer.Ordinal)];
        return
        [
            new BenchmarkTask
            {
                Name = "DVSC",
                Corpus = _ => MediaFiles.ToItems(candidates.Select(id => (id, references.Of(id)))
                    .Concat(queries.Ids.Select(id => (id, queries.Of(id))))),
                Queries =
                    [.. queries.Ids.Order(StringComparer.Ordinal).Select(id =>
                        new BenchmarkQuery(id) { LikeItem = id, Candidates = candidates })],
                Judgements = judgements,
                Measures = ["map", "hit@1"],
                Depth = candidates.Length,
                Special = run => [new SpecialScore("micro-AP", new Dictionary<string, double> { ["all"] = PairPrecision.Compute(Pairs(run), truth) })],
                WriteSubmission = (run, folder) => WritePairs(Path.Combine(folder, "dvsc_pairs.csv"), Pairs(run)),
            },
        ];
    }

    /// <summary>Reads the pairs of a csv with the columns query_id and ref_id.</summary>
    public static HashSet<(string Query, string Reference)> ReadPairs(string path) =>
        [.. DelimitedTable.Read(path, ',').Select(row => (row.Id("query_id"), row.Id("ref_id")))];

    /// <summary>Reads scored pairs of a csv with the columns query_id, ref_id and score.</summary>
    public static IEnumerable<(string Query, string Reference, double Score)> ReadScoredPairs(string path) =>
        DelimitedTable.Read(path, ',').Select(row => (row.Id("query_id"), row.Id("ref_id"), row.Number("score")
            ?? throw new BenchmarkFormatException(row.Source, "a score", "none")));

    private static void WritePairs(string path, IEnumerable<(string Query, string Reference, double Score)> pairs)
    {
        using StreamWriter writer = new(path) { NewLine = "\n" };
        writer.WriteLine("query_id,ref_id,score");
        foreach ((string query, string reference, double score) in pairs)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{query},{reference},{score:R}"));
        }
    }

    private static IEnumerable<(string Query, string Reference, double Score)> Pairs(RankedRun run) =>
        run.QueryIds.SelectMany(query => run.Scores(query).Select(pair => (query, pair.Key, pair.Value)));

    private static Judgements ToJudgements(Dictionary<string, Dictionary<string, string>> labels, string[] wanted)
    {
        Judgements judgements = new();
        foreach ((string query, Dictionary<string, string> videos) in labels)
        {
            foreach ((string video, string label) in videos.Where(pair => wanted.Contains(pair.Value, StringComparer.Ordinal)))
            {
                judgements.Add(query, video, 1);
            }
        }

        return judgements;
    }

    private static SpecialScore Score(RankedRun run, string name, Judgements judgements) => new(
        $"{name} mAP",
        judgements.QueryIds.ToDictionary(
            id => id, id => RetrievalMetrics.AveragePrecision(run.Ranking(id, RankingRule.TrecEval), judgements.Of(id)),
                StringComparer.Ordinal));
}
