using System.CommandLine;
using MultiVecRetrieval.Eval.Latency;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval latency</c>: search times in a collection of many pages.</summary>
internal static class LatencyCommand
{
    public static Command Create()
    {
        Argument<string> data = new("data") { Description = "Folder of collections." };
        Argument<string> collection = new("collection") { Description = "The collection to copy until it is large enough." };
        Option<string> questions =
            new("--questions") { Description = "Folder of questions, *.jsonl.", DefaultValueFactory = _ => "eval/questions" };
        Option<int> count = new("--entries") { Description = "Entries of the copy, at least.", DefaultValueFactory = _ => 10_000 };
        Command command = new("latency", "Copies a collection until it has many entries and times natural questions on every side.")
        {
            data, collection, questions, count,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            LatencyOptions options = new()
            {
                DataFolder = arguments.GetValue(data)!,
                Collection = arguments.GetValue(collection)!,
                QuestionsFolder = arguments.GetValue(questions)!,
                EntryCount = arguments.GetValue(count),
            };
            Console.WriteLine(await new LatencySuite(options, Console.Error.WriteLine).RunAsync(cancellationToken));
            return 0;
        });
        return command;
    }
}
