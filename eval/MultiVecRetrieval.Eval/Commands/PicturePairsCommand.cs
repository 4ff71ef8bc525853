using System.CommandLine;
using System.Text.Json;
using MultiVecRetrieval.Eval.Compression;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval picture-pairs</c>: names and pictures of the compression suite as the pairs that <c>mvr binarizer train</c>
/// reads.</summary>
internal static class PicturePairsCommand
{
    public static Command Create()
    {
        Option<string> cache =
            new("--cache")
            {
                Description = "Folder for downloads and pictures; shared with compression.",
                DefaultValueFactory = _ => ".cache/eval-pages"
            };
        Option<string?> pictures =
            new("--pictures")
            {
                Description =
            "Folder with vision.onnx and text.onnx of the demonstration image-text pair (default: ../shared/models/pictures)."
            };
        Option<string> output = new("--out") { Description = "The file to write, one pair a line.", Required = true };
        Command command =
            new("picture-pairs",
            "Writes (text, picture) vectors of real pictures, for: mvr binarizer train --pairs FILE --bits N --out HEAD.") { cache,
            pictures, output };
        command.SetAction((arguments, cancellationToken) =>
        {
            CompressionOptions options =
                new() { CacheFolder = arguments.GetValue(cache)!, PictureModelFolder = arguments.GetValue(pictures) };
            Workload workload = PictureWorkload.Load(options, Console.Error.WriteLine, cancellationToken)
                ?? throw new FileNotFoundException(
                    "There are no pairs without vision.onnx and text.onnx of the demonstration pair (--pictures FOLDER).");
            using StreamWriter writer = new(arguments.GetValue(output)!);
            HashSet<int> named = [];
            foreach (WorkloadQuery query in workload.HeldOut.Concat(workload.Tuning))
            {
                foreach (int answer in query.Answers.Order())
                {
                    named.Add(answer);
                    writer.WriteLine(JsonSerializer.Serialize(
                        new { query = query.Rows.Row(0).ToArray(), document = workload.Entries[answer].Row(0).ToArray() }));
                }
            }

            // Pictures whose name has no vector are still searched.
            foreach (int entry in Enumerable.Range(0, workload.Entries.Count).Where(entry => !named.Contains(entry)))
            {
                writer.WriteLine(JsonSerializer.Serialize(new { document = workload.Entries[entry].Row(0).ToArray() }));
            }

            return Task.FromResult(0);
        });
        return command;
    }
}
