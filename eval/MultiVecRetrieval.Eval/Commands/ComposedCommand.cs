using System.CommandLine;
using MultiVecRetrieval.Eval.Composed;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval composed</c>: the suite on pictures with changes in words.</summary>
internal static class ComposedCommand
{
    public static Command Create()
    {
        Option<string> cache = new("--cache") { Description = "Folder for downloads.", DefaultValueFactory = _ => ".cache/eval-photos" };
        Command command = new("composed", "Measures questions of a picture and words that change it, beside the picture and the words alone.")
        {
            cache,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            ComposedSuite suite = new(arguments.GetValue(cache)!, line => Console.Error.WriteLine($"mvr-eval: {line}"));
            Console.WriteLine(await suite.RunAsync(cancellationToken));
            return 0;
        });
        return command;
    }
}
