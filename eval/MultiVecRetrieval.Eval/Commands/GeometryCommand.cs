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
        Option<string?> model = new("--model")
        {
            Description = "Folder of a model of one vector a picture and a text, such as CLIP (default: the bundled one).",
            HelpName = "DIR",
        };
        Command command = new(
            "geometry", "Compares pictures with pictures, and words with pictures, in a space of both, as it is and transformed.")
        {
            cache, model,
        };
        command.SetAction(arguments =>
        {
            Action<string> log = line => Console.Error.WriteLine($"mvr-eval: {line}");
            Console.WriteLine(new GeometrySuite(arguments.GetValue(cache)!, arguments.GetValue(model), log).Run());
            return 0;
        });
        return command;
    }
}
