using System.CommandLine;
using MultiVecRetrieval.Eval.KnownItems;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval known-items</c>: queries with known answers, from the text layers of a collection.</summary>
internal static class KnownItemsCommand
{
    public static Command Create()
    {
        Option<string> collection = new("--collection") { Description = "Collection whose pages are asked for.", Required = true };
        Option<string> data = new("--data") { Description = "Folder of collections.", DefaultValueFactory = _ => "indexes" };
        Option<int> count =
            new("--count")
            {
                Description = "Queries in all: half phrases, a quarter words, a quarter codes.",
                DefaultValueFactory = _ => 200
            };
        Option<int> seed =
            new("--seed") { Description = "The same seed and collection give the same queries.", DefaultValueFactory = _ => 1 };
        Option<string> output = new("--out") { Description = "Folder for queries.jsonl and qrels.txt.", DefaultValueFactory = _ => "." };
        Command command =
            new("known-items", "Makes known-item queries from the text layers of a collection.") { collection, data, count, seed, output };
        command.SetAction(arguments =>
        {
            KnownItemOptions options = new() { Count = arguments.GetValue(count), Seed = arguments.GetValue(seed) };
            using Library library = new(new LibraryOptions { DataFolder = arguments.GetValue(data)! });
            (IReadOnlyList<PageText> pages, int withoutText) = CollectionPages.Read(library.GetCollection(arguments.GetValue(collection)!));
            IReadOnlyList<KnownItem> items = new KnownItemGenerator(pages, options).Generate();
            KnownItemFiles.Write(arguments.GetValue(output)!, items);
            Console.Error.WriteLine($"{items.Count} queries from {pages.Count} pages ({withoutText} more have no text)");
            return items.Count > 0 ? 0 : 1;
        });
        return command;
    }
}
