using System.CommandLine;
using MultiVecRetrieval.Ann;
using MultiVecRetrieval.Interchange;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr export</c> and <c>mvr import</c>: the vectors of a collection as a FAISS index file; vectors from one, or
/// from a NumPy or safetensors file.</summary>
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
        Option<FileInfo?> faiss =
            new("--faiss") { Description = "FAISS index to read; keys are taken from FILE.keys.jsonl where there is one." };
        Option<FileInfo?> vectors = new("--vectors")
        {
            Description = "File .npy or .safetensors to read, with FILE.keys.jsonl; a safetensors file may have a tensor per entry instead.",
        };
        Option<string?> space = CreateSpaceOption();
        Option<string?> model = new("--model", "-m")
        {
            Description = "Make the collection if it is not there, with the space of this model, or the one that it encodes queries for.",
            HelpName = "MODEL",
        };
        Command command = new("import", "Add vectors that were made elsewhere to a collection.") { faiss, vectors, space, model };
        command.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            using Library library = Settings.OpenLibrary(parsed, global);
            (FileInfo? index, FileInfo? rows) = (parsed.GetValue(faiss), parsed.GetValue(vectors));
            if ((index is null) == (rows is null))
            {
                throw new UsageException("import takes either --faiss FILE or --vectors FILE.");
            }

            string name = parsed.GetRequiredValue(global.Collection);
            Collection collection = parsed.GetValue(model) is { } of
                ? library.CreateCollectionForImport(name, of)
                : library.GetWritableCollection(name);
            string path = (index ?? rows)!.FullName;
            string into = ChooseSpace(collection, parsed.GetValue(space));
            int entries = index is null
                ? VectorImport.Import(collection, into, path, cancellationToken)
                : FaissExchange.Import(collection, into, path, cancellationToken);
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
