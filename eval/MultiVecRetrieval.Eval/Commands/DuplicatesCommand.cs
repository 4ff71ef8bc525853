using System.CommandLine;
using MultiVecRetrieval.Eval.Duplicates;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval duplicates</c>: the perceptual hash on changed copies of pictures.</summary>
internal static class DuplicatesCommand
{
    public static Command Create()
    {
        Option<string> pictures = new("--pictures") { Description = "Folder of pictures; subfolders are read, too.", Required = true };
        Option<int> distance =
            new("--max-distance")
            {
                Description = "Bits of 64 up to which pictures count as near duplicates.",
                DefaultValueFactory = _ => 10
            };
        Command command =
            new("duplicates", "Measures how near-duplicate search copes with rescaled, recompressed and cropped copies.") { pictures,
            distance };
        command.SetAction(arguments =>
        {
            Console.WriteLine(new DuplicatesSuite(arguments.GetValue(distance)).Run(arguments.GetValue(pictures)!));
            return 0;
        });
        return command;
    }
}
