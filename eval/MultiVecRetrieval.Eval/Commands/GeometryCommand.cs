using System.CommandLine;
using MultiVecRetrieval.Eval.Geometry;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval geometry</c>: pictures compared with pictures in a space of words and pictures, before and after
/// transforms.</summary>
internal static class GeometryCommand
{
    public static Command Create()
    {
        Option<string> cache = new("--cache") { Description = "Folder for downloads.", DefaultValueFactory = _ => ".cache/eval-photos" };
        Command command = new(
            "geometry", "Compares pictures with pictures, and words with pictures, in a space of both, as it is and transformed.")
        {
            cache,
        };
        command.SetAction(arguments =>
        {
            Console.WriteLine(new GeometrySuite(arguments.GetValue(cache)!, line => Console.Error.WriteLine($"mvr-eval: {line}")).Run());
            return 0;
        });
        return command;
    }
}
