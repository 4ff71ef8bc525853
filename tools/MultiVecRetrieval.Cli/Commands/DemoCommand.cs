using System.CommandLine;
using System.Diagnostics;
using MultiVecRetrieval.Server.Bodies;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr demo</c>: fetch a real sample collection, index it, ask a few questions, serve the page.</summary>
internal static class DemoCommand
{
    private static readonly string[] TextQueries =
        ["elliptic curve over a finite field", "kernel boot loader configuration", "wireless network setup"];
    private const string ImageQuery = "photos/messi5.jpg";

    public static Command Create(GlobalOptions global)
    {
        Option<bool> noServe = new("--no-serve") { Description = "End after the queries." };
        Option<string?> urls = new("--urls") { Description = "Address to serve the page on.", HelpName = "URL" };
        Command command =
            new("demo", "Fetch a sample collection (about 106 MB), index it, answer a few queries, serve the page.") { noServe, urls };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string collection = parsed.GetResult(global.Collection) is { Implicit: false }
                ? parsed.GetRequiredValue(global.Collection)
                : "demo";
            int code;
            using (Library library = Settings.OpenLibrary(parsed, global))
            {
                code = await Task.Run(() => Index(library, collection, cancellationToken), cancellationToken);
                if (code is not (ExitCode.Success or ExitCode.SomeFailed))
                {
                    return code;
                }

                await Task.Run(() => Ask(library, collection, cancellationToken), cancellationToken);
            }

            return parsed.GetValue(noServe)
                ? code
                : await ServeCommand.RunAsync(Settings.ReadServerArguments(parsed, global, ("server:urls", parsed.GetValue(urls))),
                    Settings.Load(parsed, global).Options, cancellationToken);
        });
        return command;
    }

    private static int Index(Library library, string collection, CancellationToken cancellationToken)
    {
        IndexRequest request = new() { Collection = collection, Paths = [SampleFiles.Fetch(cancellationToken)] };
        return IndexCommand.Run(progress => library.Index(request, progress, cancellationToken), json: false);
    }

    private static void Ask(Library library, string collection, CancellationToken cancellationToken)
    {
        foreach (string query in TextQueries)
        {
            Show($"mvr search \"{query}\" --collection {collection}", new LibraryQuery { Collection = collection, Text = query, Top = 3 });
        }

        string image = Path.Combine(SampleFiles.Fetch(cancellationToken), ImageQuery);
        Show($"mvr search --image {ImageQuery} --collection {collection}",
            new LibraryQuery { Collection = collection, ImagePath = image, Top = 3 });

        void Show(string command, LibraryQuery query)
        {
            Stopwatch clock = Stopwatch.StartNew();
            SearchResult result = library.Search(query, cancellationToken);
            Terminal.Out.MarkupLineInterpolated($"\n[bold]$ {command}[/]");
            SearchPrinter.Print(SearchResultBody.From(result, query.Offset), clock.Elapsed);
        }
    }
}
