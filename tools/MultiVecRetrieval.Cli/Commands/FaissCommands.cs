using System.CommandLine;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Interchange;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr export</c> and <c>mvr import</c>: the vectors of a collection as a FAISS index file, and back.</summary>
internal static class FaissCommands
{
    public static Command CreateExport(GlobalOptions global)
    {
        Option<FileInfo> faiss =
            new("--faiss") { Description = "Index file to write; the keys come beside it, as FILE.keys.jsonl.", Required = true };
        Option<string?> space = CreateSpaceOption();
        Option<bool> hnsw = new("--hnsw") { Description = "Write an IndexHNSWFlat with a graph instead of an IndexFlat." };
        Command command = new("export", "Write the vectors of a collection as a FAISS index.") { faiss, space, hnsw };
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            Collection collection = library.GetCollection(parsed.GetRequiredValue(global.Collection));
            string path = parsed.GetRequiredValue(faiss).FullName;
            HnswOptions? graph = parsed.GetValue(hnsw) ? new HnswOptions { Threads = Environment.ProcessorCount } : null;
            int vectors = FaissExchange.Export(collection, ChooseSpace(collection, parsed.GetValue(space)), path, graph, cancellationToken);
            return Report(parsed, global, new { vectors, path, keys = FaissExchange.GetKeysPath(path) },
                $"{vectors} vectors written to {path}");
        }));
        return command;
    }

    public static Command CreateImport(GlobalOptions global)
    {
        Option<FileInfo> faiss =
            new("--faiss") { Description = "Index file to read; keys are taken from FILE.keys.jsonl where there is one.", Required = true };
        Option<string?> space = CreateSpaceOption();
        Option<string?> model = new("--model", "-m")
        {
            Description = "Make the collection if it is not there, with the space of this model, or the one that it encodes queries for.",
            HelpName = "MODEL",
        };
        Command command = new("import", "Add the vectors of a FAISS index to a collection.") { faiss, space, model };
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            string name = parsed.GetRequiredValue(global.Collection);
            Collection collection = parsed.GetValue(model) is { } of
                ? library.CreateCollectionForImport(name, of)
                : library.GetWritableCollection(name);
            string path = parsed.GetRequiredValue(faiss).FullName;
            int entries = FaissExchange.Import(collection, ChooseSpace(collection, parsed.GetValue(space)), path, cancellationToken);
            return Report(parsed, global, new { entries, path }, $"{entries} entries added from {path}");
        }));
        return command;
    }

    private static Option<string?> CreateSpaceOption() =>
        new("--space") { Description = "The vector space; needed where the collection has more than one." };

    private static string ChooseSpace(Collection collection, string? name) =>
        name ?? (collection.Spaces.Count == 1
            ? collection.Spaces[0].Name
            : throw new UsageException($"--space says which of {string.Join(", ", collection.Spaces.Select(known => known.Name))}."));

    private static int Report(ParseResult parsed, GlobalOptions global, object result, string text)
    {
        if (parsed.GetValue(global.Json))
        {
            Terminal.WriteJson(result);
        }
        else
        {
            Terminal.Out.MarkupLineInterpolated($"{text}");
        }

        return ExitCode.Success;
    }
}
