using System.CommandLine;
using MultiVecRetrieval.Eval.Benchmarks.Reporting;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval compare A B</c>: whether two runs differ.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        Argument<string> first = new("A") { Description = "Folder of runs." };
        Argument<string> second = new("B") { Description = "Another." };
        Command command = new("compare", "Compares runs query by query: differences, 95 % intervals, paired randomisation test.") { first, second };
        command.SetAction(arguments =>
        {
            Console.Write(RunComparison.ToMarkdown(arguments.GetValue(first)!, arguments.GetValue(second)!));
            return 0;
        });
        return command;
    }
}
