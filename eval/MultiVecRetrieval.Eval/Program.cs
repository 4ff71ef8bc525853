using System.CommandLine;
using MultiVecRetrieval.Eval.Commands;

RootCommand root = new("Measures retrieval: makes known-item queries, scores runs, runs the page suite.")
{
    KnownItemsCommand.Create(),
    ScoreCommand.Create(),
    PagesCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
