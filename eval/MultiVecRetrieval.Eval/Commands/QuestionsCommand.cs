using System.CommandLine;
using MultiVecRetrieval.Eval.Questions;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval questions</c>: natural questions on real manuals.</summary>
internal static class QuestionsCommand
{
    public static Command Create()
    {
        Option<string> cache =
            new("--cache") { Description = "Folder for downloads and the collection.", DefaultValueFactory = _ => ".cache/eval-questions" };
        Option<string> questions =
            new("--questions") { Description = "Folder of questions, *.jsonl.", DefaultValueFactory = _ => "eval/questions" };
        Option<string[]> folders =
            new("--models") { Description = "Folders that hold model folders, before the bundled ones.", DefaultValueFactory = _ => [] };
        Option<string[]> models =
            new("--model") { Description = "Models of the collection; the default ones when not given.", DefaultValueFactory = _ => [] };
        Option<int> count = new("--count") { Description = "Known-item queries beside the questions.", DefaultValueFactory = _ => 200 };
        Option<bool> keep = new("--keep") { Description = "Search the collection of an earlier run instead of indexing anew." };
        Option<string?> details = new("--details") { Description = "File for the first ten answers of every query; it is appended to." };
        Command command = new("questions", "Indexes real manuals and scores natural questions and known items on every side.")
        {
            cache, questions, folders, models, count, keep, details,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            QuestionsOptions options = new()
            {
                CacheFolder = arguments.GetValue(cache)!,
                QuestionsFolder = arguments.GetValue(questions)!,
                ModelFolders = arguments.GetValue(folders)!,
                Models = arguments.GetValue(models)!,
                KnownItemCount = arguments.GetValue(count),
                KeepCollection = arguments.GetValue(keep),
                DetailsFile = arguments.GetValue(details),
            };
            Console.WriteLine(await new QuestionsSuite(options, Console.Error.WriteLine).RunAsync(cancellationToken));
            return 0;
        });
        return command;
    }
}
