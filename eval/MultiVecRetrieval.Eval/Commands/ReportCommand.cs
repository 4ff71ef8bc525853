using System.CommandLine;
using MultiVecRetrieval.Eval.Benchmarks.Reporting;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval report FOLDER...</c>: one page of runs.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Argument<string[]> folders = new("FOLDER") { Description = "Folders of runs.", Arity = ArgumentArity.OneOrMore };
        Option<string> output = new("--out") { Description = "The page.", DefaultValueFactory = _ => "report.html" };
        Command command = new("report", "Writes one HTML page of runs, with tables and plots, that needs nothing beside it.") { folders, output };
        command.SetAction(arguments =>
        {
            File.WriteAllText(arguments.GetValue(output)!, ReportPage.Write(arguments.GetValue(folders)!, DateTimeOffset.UtcNow));
            Console.WriteLine(arguments.GetValue(output));
            return 0;
        });
        return command;
    }
}
