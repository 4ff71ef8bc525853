using System.CommandLine;
using MultiVecRetrieval.Eval.Commands;

RootCommand root = new("Measures retrieval: makes known-item queries, scores runs, runs the suites on pages and pictures.")
{
    KnownItemsCommand.Create(),
    ScoreCommand.Create(),
    PagesCommand.Create(),
    DuplicatesCommand.Create(),
    ThroughputCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
