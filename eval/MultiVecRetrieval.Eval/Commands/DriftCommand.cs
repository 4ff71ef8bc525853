using System.CommandLine;
using MultiVecRetrieval.Eval.Compression;
using MultiVecRetrieval.Eval.Drift;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval drift</c>: what it costs to keep codecs of a collection that has changed.</summary>
internal static class DriftCommand
{
    public static Command Create()
    {
        Option<string> cache =
            new("--cache")
            {
                Description = "Folder for downloads, pictures and collections; shared with compression.",
                DefaultValueFactory = _ => ".cache/eval-pages"
            };
        Option<string?> pictures =
            new("--pictures")
            {
                Description =
            "Folder with vision.onnx and text.onnx of the demonstration image-text pair (default: ../shared/models/pictures)."
            };
        Option<int> entries =
            new("--entries")
            {
                Description = "Pages of a case at most, evenly taken; eight times as many pictures.",
                DefaultValueFactory = _ => 400
            };
        Option<string[]> codecs =
            new("--codec")
            {
                Description = "Codec to try, for instance bits:2; repeat for several (default: some of each kind).",
                DefaultValueFactory = _ => []
            };
        Command command =
            new("drift",
            "Trains codecs, adds entries of another kind, and measures drift, the recall that is kept, and that of training anew.")
        {
            cache, pictures, entries, codecs,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            CompressionOptions options = new()
            {
                CacheFolder = arguments.GetValue(cache)!,
                PictureModelFolder = arguments.GetValue(pictures),
                Codecs = arguments.GetValue(codecs)!,
            };
            Console.WriteLine(new DriftSuite(options, arguments.GetValue(entries), Console.Error.WriteLine).Run(cancellationToken));
            return Task.FromResult(0);
        });
        return command;
    }
}
