using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks;
using MultiVecRetrieval.Eval.Benchmarks.Copies;
using MultiVecRetrieval.Eval.Benchmarks.Mmeb;
using MultiVecRetrieval.Eval.Benchmarks.Moments;
using MultiVecRetrieval.Eval.Metrics;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval score</c>: the measures of a run, of whatever made it.</summary>
internal static class ScoreCommand
{
    private static readonly string[] Formats = ["trec", "qvhighlights", "charades", "moments", "mmeb", "dvsc"];

    public static Command Create()
    {
        Option<string> run = new("--run") { Description = "TREC run: 'query Q0 key rank score tag' a line.", Required = true };
        Option<string?> qrels = new("--qrels") { Description = "TREC judgements: 'query 0 key gain' a line." };
        Option<string> format = new("--format")
        {
            Description = "trec; qvhighlights, charades (lines of TALL) and moments (an object of videos): predictions as QVHighlights takes them, "
                + "and the annotation file; mmeb: DATASET_pred.jsonl, without judgements; dvsc: csv of scored pairs, csv of true ones.",
            DefaultValueFactory = _ => "trec",
        };
        format.AcceptOnlyFromAmong(Formats);
        Option<int?> seed = new("--hash-seed") { Description = "MMEB: as its scorer with this PYTHONHASHSEED, mistake included." };
        Command command = new("score", "Scores a run against judgements; a judged query that the run lacks counts 0.") { run, qrels, format, seed };
        command.SetAction(arguments =>
        {
            string path = arguments.GetValue(run)!;
            string Truth() => arguments.GetValue(qrels) ?? throw new ArgumentException("Judgements are needed; name their file with --qrels.");
            switch (arguments.GetValue(format))
            {
                case "trec":
                    PrintTrec(RunScores.Compute(RankedRun.Read(path), Judgements.Read(Truth())));
                    break;
                case "mmeb":
                    PrintMmeb(path, arguments.GetValue(seed));
                    break;
                case "dvsc":
                    Print("micro-AP", PairPrecision.Compute(CopySuites.ReadScoredPairs(path), CopySuites.ReadPairs(Truth())));
                    break;
                case string moments:
                    PrintMoments(path, Truth(), moments);
                    break;
            }

            return 0;
        });
        return command;
    }

    private static void PrintTrec(RunScores scores)
    {
        Console.WriteLine($"queries    {scores.QueryCount}");
        Console.WriteLine($"hit@1      {scores.HitAt1}");
        Console.WriteLine($"recall@1   {scores.RecallAt1}");
        Console.WriteLine($"recall@10  {scores.RecallAt10}");
        Console.WriteLine($"MRR        {scores.ReciprocalRank}");
        Console.WriteLine($"nDCG@10    {scores.NdcgAt10}");
        Console.WriteLine($"MAP        {scores.AveragePrecision}");
    }

    private static void PrintMmeb(string path, int? seed)
    {
        List<MmebPrediction> predictions = [];
        foreach (string line in File.ReadLines(path).Where(line => line.Length > 0))
        {
            MmebPrediction prediction = JsonSerializer.Deserialize<MmebPrediction>(line)
                ?? throw new BenchmarkFormatException(path, "a prediction a line", line);
            MmebScorer.Require(prediction, $"{path}, line {predictions.Count + 1}");
            predictions.Add(prediction);
        }

        foreach ((string name, double value) in MmebScorer.Evaluate(predictions, seed))
        {
            Print(name, value);
        }
    }

    // In percent with two decimals, as the official script of QVHighlights prints them.
    private static void PrintMoments(string path, string truth, string format)
    {
        Dictionary<string, MomentPrediction> predictions =
            MomentPrediction.Read(path).ToDictionary(prediction => prediction.Id, StringComparer.Ordinal);
        IReadOnlyList<SpecialScore> scores = format switch
        {
            "qvhighlights" => QvHighlightsScorer.Score([.. MomentReaders.ReadQvHighlights(truth)], predictions),
            "charades" => MomentScorer.Score([.. MomentReaders.ReadLines(truth, new Dictionary<string, double>())], predictions),
            _ => MomentScorer.Score(MomentReaders.ReadObject(truth), predictions),
        };
        foreach ((string name, double value) in QvHighlightsScorer.ToOfficial(scores))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24} {value:0.00}"));
        }
    }

    private static void Print(string name, double value) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24} {value:0.0000}"));
}
