using System.CommandLine;
using System.Diagnostics;
using MultiVecRetrieval.Server.Bodies;
using Spectre.Console;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr demo</c>: fetch a real sample collection, index it, ask a few questions, serve the page.</summary>
internal static class DemoCommand
{
    private const string ImageQuery = "photos/leuvenA.jpg";

    private static readonly (string Shows, string Text)[] Questions =
    [
        ("a page, by its words", "elliptic curve over a finite field"),
        ("a page, by a question in other words than its own", "I deleted something by mistake, can I get it back"),
        ("a scanned page, by words seen in it", "files preserved between invocations of the program"),
        ("a photograph, by what it shows", "monkey"),
        ("a moment of a video, by what is said", "people taking a short cut across the grass"),
    ];

    public static Command Create(GlobalOptions global)
    {
        Option<bool> noServe = new("--no-serve") { Description = "End after the queries." };
        Option<string?> urls = new("--urls") { Description = "Address to serve the page on.", HelpName = "URL" };
        Command command =
            new("demo", "Fetch a sample collection (about 109 MB), index it, answer a few questions, serve the page.") { noServe, urls };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string collection = parsed.GetResult(global.Collection) is { Implicit: false }
                ? parsed.GetRequiredValue(global.Collection)
                : "demo";
            int code;
            using (Library library = Settings.OpenLibrary(parsed, global))
            {
                code = await IndexAsync(library, collection, cancellationToken);
                if (code is not (ExitCode.Success or ExitCode.SomeFailed))
                {
                    return code;
                }

                await AskAsync(library, collection, cancellationToken);
            }

            return parsed.GetValue(noServe)
                ? code
                : await ServeCommand.RunAsync(Settings.ReadServerArguments(parsed, global, ("server:urls", parsed.GetValue(urls))),
                    Settings.Load(parsed, global).Options, cancellationToken);
        });
        return command;
    }

    private static Task<int> IndexAsync(Library library, string collection, CancellationToken cancellationToken)
    {
        IndexRequest request = new() { Collection = collection, Paths = [SampleFiles.Fetch(cancellationToken)] };
        return IndexCommand.RunAsync(progress => library.IndexAsync(request, progress, cancellationToken), json: false);
    }

    private static async Task AskAsync(Library library, string collection, CancellationToken cancellationToken)
    {
        foreach ((string shows, string text) in Questions)
        {
            await ShowAsync(
                shows, $"mvr search \"{text}\" --collection {collection}", new LibraryQuery { Collection = collection, Text = text, Top = 3 });
        }

        string image = Path.Combine(SampleFiles.Fetch(cancellationToken), ImageQuery);
        await ShowAsync(
            "a photograph, by another one of the same", $"mvr search --image {ImageQuery} --collection {collection}",
            new LibraryQuery { Collection = collection, ImagePath = image, Top = 3 });

        async Task ShowAsync(string shows, string command, LibraryQuery query)
        {
            Stopwatch clock = Stopwatch.StartNew();
            SearchResult result = await library.SearchAsync(query, cancellationToken);
            Terminal.Out.MarkupLineInterpolated($"\n{shows}\n[bold]$ {command}[/]");
            SearchPrinter.Print(SearchResultBody.From(result, query.Offset), clock.Elapsed);
        }
    }
}
