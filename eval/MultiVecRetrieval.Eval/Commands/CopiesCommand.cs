using System.CommandLine;
using MultiVecRetrieval.Eval.Copies;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval copies</c>: changed copies of pictures and pages against different ones of the same kinds.</summary>
internal static class CopiesCommand
{
    public static Command Create()
    {
        Option<string> cache = new("--cache") { Description = "Folder for downloads.", DefaultValueFactory = _ => ".cache/eval-photos" };
        Option<string?> pictures = new("--pictures") { Description = "Folder of pictures in place of the photographs." };
        Option<int> pages = new("--pages")
        {
            Description = "Pages of each of seven manuals, behind each other; 0 for none.",
            DefaultValueFactory = _ => 15,
        };
        Command command = new(
            "copies", "Measures how changed copies of pictures and pages are told from different ones, beside controls.")
        {
            cache, pictures, pages,
        };
        command.SetAction(arguments =>
        {
            CopiesSuite suite = new(arguments.GetValue(cache)!, arguments.GetValue(pictures), arguments.GetValue(pages),
                line => Console.Error.WriteLine($"mvr-eval: {line}"));
            Console.WriteLine(suite.Run());
            return 0;
        });
        return command;
    }
}
