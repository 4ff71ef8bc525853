using System.CommandLine;
using MultiVecRetrieval.Eval.Compression;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval compression</c>: what every codec and reduction costs.</summary>
internal static class CompressionCommand
{
    public static Command Create()
    {
        Option<string> cache =
            new("--cache")
            {
                Description = "Folder for downloads, pictures and collections; shared with pages.",
                DefaultValueFactory = _ => ".cache/eval-pages"
            };
        Option<string?> output =
            new("--out")
            {
                Description = "Folder for compression.md (the tables between its marks), compression.json and compression.svg."
            };
        Option<string?> pictures =
            new("--pictures")
            {
                Description =
            "Folder with vision.onnx and text.onnx of the demonstration image-text pair (default: ../shared/models/pictures)."
            };
        Option<int> count =
            new("--count") { Description = "Known-item queries in all; two thirds are held out.", DefaultValueFactory = _ => 600 };
        Option<int> seed = new("--seed") { Description = "Of queries.", DefaultValueFactory = _ => 1 };
        Option<int> rows =
            new("--training-rows") { Description = "Rows that codecs are trained on, at most.", DefaultValueFactory = _ => 100_000 };
        Option<string[]> codecs =
            new("--codec")
            {
                Description = "Codec to try, for instance bits:2; repeat for several. All codecs and reductions when not given.",
                DefaultValueFactory = _ => []
            };
        Option<bool> keep =
            new("--keep")
            {
                Description =
            "Take the figures an earlier run left in the cache and measure only what is missing; with --codec, only and anew what is named."
            };
        Option<bool> figures =
            new("--figures") { Description = "Measure nothing: write the tables and the plot of the figures that are in the cache." };
        Option<bool> tiers =
            new("--tiers")
            {
                Description =
            "Instead of codecs: searches of the pages through a collection, by the tiers that it gets by itself, with code sets besides, and by bits:2 alone."
            };
        Command command =
            new("compression", "Measures every codec and reduction: bytes, quality with intervals, recall against float32, time.")
        {
            cache, output, pictures, count, seed, rows, codecs, keep, figures, tiers,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            CompressionOptions options = new()
            {
                CacheFolder = arguments.GetValue(cache)!,
                OutputFolder = arguments.GetValue(output),
                PictureModelFolder = arguments.GetValue(pictures),
                QueryCount = arguments.GetValue(count),
                Seed = arguments.GetValue(seed),
                TrainingRowCount = arguments.GetValue(rows),
                Codecs = arguments.GetValue(codecs)!,
                KeepFigures = arguments.GetValue(keep),
                MeasuresNothing = arguments.GetValue(figures),
            };
            Console.WriteLine(arguments.GetValue(tiers)
                ? new TierSuite(options, Console.Error.WriteLine).Run(cancellationToken)
                : new CompressionSuite(options, Console.Error.WriteLine).Run(cancellationToken));
            return Task.FromResult(0);
        });
        return command;
    }
}
