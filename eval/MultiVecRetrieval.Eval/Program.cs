using System.CommandLine;
using MultiVecRetrieval;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Eval.Benchmarks;
using MultiVecRetrieval.Eval.Commands;
using MultiVecRetrieval.Eval.Pages;
using MultiVecRetrieval.Eval.Trec;
using MultiVecRetrieval.Ingestion.Media;

RootCommand root = new("Measures retrieval: makes known-item queries, scores runs, runs the suites on pages and pictures.")
{
    KnownItemsCommand.Create(),
    ScoreCommand.Create(),
    PagesCommand.Create(),
    PhotosCommand.Create(),
    QuestionsCommand.Create(),
    DuplicatesCommand.Create(), CopiesCommand.Create(), SegmentsCommand.Create(),
    CalibrateCommand.Create(),
    ThroughputCommand.Create(), LatencyCommand.Create(),
    CompressionCommand.Create(),
    DriftCommand.Create(),
    ComposedCommand.Create(), MomentsCommand.Create(), RegionsCommand.Create(), GeometryCommand.Create(),
    PicturePairsCommand.Create(),
    RunCommand.Create(), CompareCommand.Create(), ReportCommand.Create(),
};
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException
    or TrecFormatException or BenchmarkFormatException or ExternalCommandException or SuiteFailedException
    or CollectionNotFoundException or CollectionLockedException or ModelNotFoundException or ModelFormatException or MediaException)
{
    // What the caller can mend needs its message, not a stack; anything else is a fault of the program and keeps its stack.
    Console.Error.WriteLine($"mvr-eval: {exception.Message}");
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("mvr-eval: ended before it was done.");
    return 130;
}
