using System.CommandLine;
using MultiVecRetrieval.Eval.Moments;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval moments</c>: the suite on spliced videos.</summary>
internal static class MomentsCommand
{
    public static Command Create()
    {
        Option<string> cache = new("--cache") { Description = "Folder for downloads.", DefaultValueFactory = _ => ".cache/eval-photos" };
        Command command = new("moments", "Measures how well the moment is found at which a video shows something, beside single frames and windows.")
        {
            cache,
        };
        command.SetAction(arguments =>
        {
            Console.WriteLine(new MomentsSuite(arguments.GetValue(cache)!, line => Console.Error.WriteLine($"mvr-eval: {line}")).Run());
            return 0;
        });
        return command;
    }
}
