using System.CommandLine;
using System.Globalization;
using MultiVecRetrieval.Server.Bodies;

namespace MultiVecRetrieval.Cli.Commands;

/// <summary><c>mvr ask</c>: an answer from what is found, with its sources; or what a model would be given.</summary>
internal static class AskCommand
{
    public static Command Create(GlobalOptions global)
    {
        Argument<string[]> words = new("question") { Description = "The question.", Arity = ArgumentArity.OneOrMore };
        Option<int> top = new("--top", "-k") { Description = "Documents to look into, 1 to 1000.", DefaultValueFactory = _ => 10 };
        Option<string?> filter = new("--filter", "-f")
        {
            Description = "Condition, for instance \"type = page and path like 'reports/*'\".",
            HelpName = "EXPR",
        };
        Option<string> side = new("--using")
        {
            Description = "fused: vectors and full text together; vectors; text.",
            DefaultValueFactory = _ => "fused",
        };
        side.AcceptOnlyFromAmong("fused", "vectors", "text");
        Option<double?> minScore = new("--min-score") { Description = "Leave out hits of a lower score.", HelpName = "S" };
        Option<double?> minEvidence = new("--min-evidence") { Description = "Leave out hits with less evidence, in [0, 1].", HelpName = "E" };
        Option<bool> contextOnly = new("--context-only")
        {
            Description = "Ask no model; print what it would be given, as Markdown that any model takes.",
        };
        Option<int?> tokens = new("--max-context-tokens")
        {
            Description = "Estimated tokens of all sources (default and most: setting answer:maxContextTokens).",
            HelpName = "N",
        };
        Option<bool> pictures = new("--pictures") { Description = "Give pictures of the sources too, for a model that sees." };
        Option<DirectoryInfo?> savePictures = new("--save-pictures")
        {
            Description = "Write the pictures that go along into this folder, named source-N.jpg.",
            HelpName = "DIR",
        };
        Command command = new("ask", "Answer a question from what is found, with sources that are checked.")
        {
            words, top, filter, side, minScore, minEvidence, contextOnly, tokens, pictures, savePictures,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            int documents = parsed.GetValue(top);
            if (documents is < 1 or > 1000)
            {
                throw new UsageException($"--top must be in [1, 1000], found {documents}.");
            }

            AnswerRequest request = new()
            {
                Search = new LibraryQuery
                {
                    Collection = parsed.GetRequiredValue(global.Collection),
                    Text = string.Join(' ', parsed.GetRequiredValue(words)),
                    Top = documents,
                    Filter = parsed.GetValue(filter) is string expression ? Filter.Parse(expression) : null,
                    Using = Enum.Parse<SearchSide>(parsed.GetRequiredValue(side), ignoreCase: true),
                    MinScore = parsed.GetValue(minScore),
                    MinEvidence = parsed.GetValue(minEvidence),
                },
                IsContextOnly = parsed.GetValue(contextOnly),
                MaxContextTokens = parsed.GetValue(tokens),
                Pictures = parsed.GetValue(pictures) || parsed.GetValue(savePictures) is not null ? true : null,
            };
            using Library library = Settings.OpenLibrary(parsed, global);
            Answer answer = parsed.GetValue(global.Json)
                ? await library.Answers.AskAsync(request, cancellationToken)
                : await FollowAsync(library, request, cancellationToken);
            if (parsed.GetValue(savePictures) is { } folder)
            {
                await SaveAsync(answer.Context.Pictures, folder, cancellationToken);
            }

            if (parsed.GetValue(global.Json))
            {
                Terminal.WriteJson(AnswerBody.From(answer, answer.State != AnswerState.Answered));
            }
            else
            {
                Print(answer);
            }

            return ExitCode.Success;
        });
        return command;
    }

    // The text is shown as it comes.
    private static async Task<Answer> FollowAsync(Library library, AnswerRequest request, CancellationToken cancellationToken)
    {
        Answer? answer = null;
        bool hasText = false;
        await foreach (AnswerUpdate update in library.Answers.StreamAsync(request, cancellationToken))
        {
            if (update.Text is { } text)
            {
                await Console.Out.WriteAsync(Plain(text));
                await Console.Out.FlushAsync(cancellationToken);
                hasText = true;
            }

            answer = update.Answer ?? answer;
        }

        if (hasText)
        {
            await Console.Out.WriteLineAsync();
        }

        return answer!;
    }

    private static void Print(Answer answer)
    {
        foreach (string notice in answer.Context.Notices.Concat(answer.Notices))
        {
            Terminal.WriteNotice(notice);
        }

        if (answer.State == AnswerState.ContextOnly)
        {
            Console.Out.Write(Plain(answer.Context.Markdown));
        }

        if (answer.State != AnswerState.Answered)
        {
            return;
        }

        Console.Out.WriteLine();
        foreach (IGrouping<int, AnswerCitation> cited in answer.Citations.GroupBy(citation => citation.Source.Number)
            .OrderBy(group => group.Key))
        {
            AnswerSource source = cited.First().Source;
            string moment = source.StartSeconds is { } start && source.EndSeconds is { } end ? $"  {Clock(start)}-{Clock(end)}" : "";
            string quoted = cited.Any(citation => citation.IsVerbatim == false) ? "  (quoted otherwise than it stands there)"
                : cited.Any(citation => citation.IsVerbatim == true) ? "  (quoted word for word)" : "";
            Console.Out.WriteLine($"[{source.Number}] {source.Entry.Key}{moment}{quoted}");
        }
    }

    private static async Task SaveAsync(IReadOnlyList<AnswerPicture> pictures, DirectoryInfo folder, CancellationToken cancellationToken)
    {
        folder.Create();
        foreach (AnswerPicture picture in pictures)
        {
            string path = Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"source-{picture.Number}.jpg"));
            await File.WriteAllBytesAsync(path, picture.Jpeg, cancellationToken);
        }
    }

    // Models and pages may write what a terminal obeys.
    private static string Plain(string text) => string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t'));

    private static string Clock(double seconds) =>
        TimeSpan.FromSeconds(seconds).ToString(seconds >= 3600 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
