using System.CommandLine;
using MultiVecRetrieval.Eval.Segments;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval segments</c>: segments that are copied from one spliced video into another.</summary>
internal static class SegmentsCommand
{
    public static Command Create()
    {
        Option<string> cache = new("--cache") { Description = "Folder for downloads.", DefaultValueFactory = _ => ".cache/eval-photos" };
        Option<int> pairs = new("--pairs")
        {
            Description = "Pairs of videos with a copy, and as many without, for each of six changes.",
            DefaultValueFactory = _ => 15,
        };
        Command command = new(
            "segments", "Measures how copied segments are found between spliced videos with known cuts, beside controls.")
        {
            cache, pairs,
        };
        command.SetAction(arguments =>
        {
            Console.WriteLine(new SegmentsSuite(arguments.GetValue(cache)!, arguments.GetValue(pairs), line => Console.Error.WriteLine($"mvr-eval: {line}")).Run());
            return 0;
        });
        return command;
    }
}
