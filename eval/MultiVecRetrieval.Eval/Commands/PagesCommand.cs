using System.CommandLine;
using MultiVecRetrieval.Eval.Pages;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval pages</c>: the suite on real pages.</summary>
internal static class PagesCommand
{
    public static Command Create()
    {
        Option<string> cache =
            new("--cache")
            {
                Description = "Folder for downloads, pictures and collections.",
                DefaultValueFactory = _ => ".cache/eval-pages"
            };
        Option<string?> output = new("--out") { Description = "Folder for queries, judgements, runs and the table." };
        Option<string[]> models =
            new("--models") { Description = "Folders that hold model folders, before the bundled ones.", DefaultValueFactory = _ => [] };
        Option<string[]> model = new("--model")
        {
            Description = "Names of models, each a space; or default, words-only.",
            DefaultValueFactory = _ => [ModelProfiles.WordsOnly],
        };
        Option<int> count = new("--count") { Description = "Known-item queries in all.", DefaultValueFactory = _ => 200 };
        Option<int> seed = new("--seed") { Description = "Of queries and random control.", DefaultValueFactory = _ => 1 };
        Option<string[]> documents =
            new("--document")
            {
                Description = "File name of a document to read, for a quick look; all when not given.",
                DefaultValueFactory = _ => []
            };
        Option<bool> keep = new("--keep") { Description = "Search the collections of an earlier run instead of indexing anew." };
        Command command = new("pages", "Indexes real manuals, as PDFs and as pictures, and scores every side on known-item queries.")
        {
            cache, output, models, model, count, seed, documents, keep,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            PagesSuiteOptions options = new()
            {
                CacheFolder = arguments.GetValue(cache)!,
                OutputFolder = arguments.GetValue(output),
                ModelFolders = arguments.GetValue(models)!,
                Models = arguments.GetValue(model)!,
                QueryCount = arguments.GetValue(count),
                Seed = arguments.GetValue(seed),
                Documents = arguments.GetValue(documents)!,
                KeepCollections = arguments.GetValue(keep),
            };
            string report = new PagesSuite(options, Console.Error.WriteLine).Run(cancellationToken);
            Console.WriteLine(report);
            if (options.OutputFolder is { } folder)
            {
                File.WriteAllText(Path.Combine(folder, "report.md"), report + "\n");
            }

            return Task.FromResult(0);
        });
        return command;
    }
}
