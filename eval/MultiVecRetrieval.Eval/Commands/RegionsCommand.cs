using System.CommandLine;
using MultiVecRetrieval.Eval.Regions;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval regions</c>: small things in large pictures.</summary>
internal static class RegionsCommand
{
    public static Command Create()
    {
        Option<string> cache = new("--cache") { Description = "Folder for downloads.", DefaultValueFactory = _ => ".cache/eval-photos" };
        Command command = new("regions", "Measures how well small things in large pictures are found, by tiles beside the whole.")
        {
            cache,
        };
        command.SetAction(arguments =>
        {
            Console.WriteLine(new RegionsSuite(arguments.GetValue(cache)!, line => Console.Error.WriteLine($"mvr-eval: {line}")).Run());
            return 0;
        });
        return command;
    }
}
