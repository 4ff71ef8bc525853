using System.CommandLine;
using MultiVecRetrieval.Eval.Photos;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval photos</c>: the suite on photographs.</summary>
internal static class PhotosCommand
{
    public static Command Create()
    {
        Option<string> cache = new("--cache") { Description = "Folder for downloads.", DefaultValueFactory = _ => ".cache/eval-photos" };
        Option<bool> quick = new("--quick") { Description = "Without changed copies, which take most of the time." };
        Command command = new("photos", "Measures how photographs are found by name, by kind, and by changed copies, beside controls; and their tags.")
        {
            cache, quick,
        };
        command.SetAction(arguments =>
        {
            PhotosSuite suite =
                new(arguments.GetValue(cache)!, hasCopies: !arguments.GetValue(quick), line => Console.Error.WriteLine($"mvr-eval: {line}"));
            Console.WriteLine(suite.Run());
            return 0;
        });
        return command;
    }
}
