using System.CommandLine;
using MultiVecRetrieval.Eval.Photos;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval photos</c>: the suite on photographs.</summary>
internal static class PhotosCommand
{
    public static Command Create()
    {
        Option<string> cache = new("--cache") { Description = "Folder for downloads.", DefaultValueFactory = _ => ".cache/eval-photos" };
        Command command =
            new("photos", "Measures how photographs are found by name, by kind, and by changed copies, beside controls; and their tags.") { cache };
        command.SetAction(arguments =>
        {
            Console.WriteLine(new PhotosSuite(arguments.GetValue(cache)!, line => Console.Error.WriteLine($"mvr-eval: {line}")).Run());
            return 0;
        });
        return command;
    }
}
