using System.CommandLine;
using MultiVecRetrieval.Eval.Throughput;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval throughput</c>: how far indexing is from encoding alone, and how much memory it takes.</summary>
internal static class ThroughputCommand
{
    public static Command Create()
    {
        Argument<string> path = new("path") { Description = "A file or folder to index into a collection that is deleted afterwards." };
        Option<int> threads = new("--threads") { Description = "Pictures encoded side by side; 0 = one per processor." };
        Option<int> sample = new("--sample") { Description = "Pictures for timing the encoder alone.", DefaultValueFactory = _ => 24 };
        Command command =
            new("throughput", "Measures pages, images and videos indexed a second beside the encoder alone, and peak memory.") { path,
            threads, sample };
        command.SetAction(arguments =>
        {
            Console.WriteLine(new ThroughputSuite(arguments.GetValue(path)!, arguments.GetValue(threads), arguments.GetValue(sample))
                .Run());
            return 0;
        });
        return command;
    }
}
