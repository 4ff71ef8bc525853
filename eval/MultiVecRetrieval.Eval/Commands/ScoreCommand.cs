using System.CommandLine;
using MultiVecRetrieval.Eval.Metrics;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval score</c>: the measures of a TREC run.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        Option<string> run = new("--run") { Description = "TREC run: 'query Q0 key rank score tag' a line.", Required = true };
        Option<string> qrels = new("--qrels") { Description = "TREC judgements: 'query 0 key gain' a line.", Required = true };
        Command command = new("score", "Scores a run against judgements; a judged query that the run lacks counts 0.") { run, qrels };
        command.SetAction(arguments =>
        {
            RunScores scores = RunScores.Compute(RankedRun.Read(arguments.GetValue(run)!), Judgements.Read(arguments.GetValue(qrels)!));
            Console.WriteLine($"queries    {scores.QueryCount}");
            Console.WriteLine($"hit@1      {scores.HitAt1}");
            Console.WriteLine($"recall@1   {scores.RecallAt1}");
            Console.WriteLine($"recall@10  {scores.RecallAt10}");
            Console.WriteLine($"MRR        {scores.ReciprocalRank}");
            Console.WriteLine($"nDCG@10    {scores.NdcgAt10}");
            Console.WriteLine($"MAP        {scores.AveragePrecision}");
            return 0;
        });
        return command;
    }
}
