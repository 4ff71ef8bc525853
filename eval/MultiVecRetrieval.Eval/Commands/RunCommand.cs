using System.CommandLine;
using System.Globalization;
using MultiVecRetrieval.Eval.Benchmarks;
using MultiVecRetrieval.Eval.Benchmarks.Moments;
using MultiVecRetrieval.Eval.Benchmarks.Running;
using MultiVecRetrieval.Eval.Benchmarks.Writing;

namespace MultiVecRetrieval.Eval.Commands;

/// <summary><c>mvr-eval run SUITE</c>: a public benchmark on files as they are published.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Argument<string> suite = new("SUITE")
        {
            Description = string.Join("\n",
                [.. BenchmarkSuites.All.Select(known => $"{known.Name}: {known.Description}"),
                    .. MomentSuite.All.Select(known => $"{known.Name}: {known.Description}")]),
        };
        Option<string> data = new("--data") { Description = "Folder of the benchmark's files.", Required = true };
        Option<string> output = new("--out") { Description = "Folder for the run; an ended run goes on.", DefaultValueFactory = _ => "eval-runs" };
        Option<string[]> model = new("--model") { Description = "Names or folders of models.", DefaultValueFactory = _ => [] };
        Option<string[]> models =
            new("--models") { Description = "Folders that hold model folders, before the bundled ones.", DefaultValueFactory = _ => [] };
        Option<string> by = new("--by")
        {
            Description = "library: indexed and searched; model: the vectors of one model, compared exactly.",
            DefaultValueFactory = _ => "library",
        };
        by.AcceptOnlyFromAmong("library", "model");
        Option<SearchSide> side = new("--using") { Description = "Sides that answer.", DefaultValueFactory = _ => SearchSide.Vectors };
        Option<QueryCombination> combine = new("--combine") { Description = "How a picture and words become one question." };
        Option<bool> exact = new("--exact") { Description = "Score every row." };
        Option<bool> recognize = new("--recognize") { Description = "Recognise the text of pages and pictures." };
        Option<string?> task = new("--task") { Description = "Only tasks whose name contains this." };
        Option<string?> split = new("--split") { Description = "The split, where it is not the one that the benchmark scores." };
        Option<int?> limit = new("--limit") { Description = "Ask only the first questions of each task." };
        Option<string> name = new("--model-name") { Description = "What files for mteb call the model.", DefaultValueFactory = _ => "local/mvr" };
        Option<int?> seed = new("--hash-seed")
        {
            Description = "MMEB: also the scores that its scorer gives with this PYTHONHASHSEED, where it mixes up graded judgements.",
        };
        Option<bool> instructions = new("--instructions")
        {
            Description = "MMEB: give texts the instructions of its authors, for models that were trained with them.",
        };
        Command command = new("run", "Runs a public benchmark: reads its files, indexes, asks, scores, writes results and submissions.")
        {
            suite, data, output, model, models, by, side, combine, exact, recognize, task, split, limit, name, seed, instructions,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            RunOptions options = new()
            {
                Models = arguments.GetValue(model)!,
                ModelFolders = arguments.GetValue(models)!,
                ByModel = arguments.GetValue(by) == "model",
                Using = arguments.GetValue(side),
                Combine = arguments.GetValue(combine),
                IsExact = arguments.GetValue(exact),
                RecognizesText = arguments.GetValue(recognize),
                QueryLimit = arguments.GetValue(limit),
            };
            SuiteRequest request = new(arguments.GetValue(data)!)
            {
                Split = arguments.GetValue(split),
                HashSeed = arguments.GetValue(seed),
                HasInstructions = arguments.GetValue(instructions),
            };
            if (MomentSuite.All.FirstOrDefault(known => known.Name == arguments.GetValue(suite)) is { } moments)
            {
                MomentRunner runner = new(options, arguments.GetValue(output)!, Console.Error.WriteLine);
                Print(await runner.RunAsync(moments.Read(request), cancellationToken));
                return 0;
            }

            BenchmarkSuite chosen = BenchmarkSuites.Find(arguments.GetValue(suite)!);
            IReadOnlyList<BenchmarkTask> tasks = await chosen.ReadAsync(request, cancellationToken);
            string? part = arguments.GetValue(task);
            tasks = [.. tasks.Where(one => part is null || one.FullName.Contains(part, StringComparison.OrdinalIgnoreCase))];
            await RunAsync(tasks, options, arguments.GetValue(output)!, arguments.GetValue(name)!, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(
        IReadOnlyList<BenchmarkTask> tasks, RunOptions options, string folder, string model, CancellationToken cancellationToken)
    {
        if (tasks.Count == 0)
        {
            throw new ArgumentException("No task of the benchmark has such a name.");
        }

        BenchmarkRunner runner = new(options, folder, Console.Error.WriteLine);
        foreach (var group in tasks.GroupBy(task => task.Name))
        {
            List<FinishedRun> finished = [];
            foreach (BenchmarkTask task in group)
            {
                FinishedRun run = await runner.RunAsync(task, cancellationToken);
                finished.Add(run);
                Print(RunFiles.Write(run));
            }

            if (finished.Count > 1)
            {
                PrintMean(group.Key, finished);
            }

            MtebFiles.Write(Path.Combine(folder, "mteb"), finished, model, revision: "local");
        }
    }

    // A task of several subsets has the mean of theirs.
    private static void PrintMean(string name, List<FinishedRun> runs)
    {
        if (runs.All(run => run.Task.Judgements.QueryIds.Count > 0))
        {
            double mean = runs.Average(run => run.Measure()[0].Values.Values.Average());
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name}, mean of {runs.Count} subsets: {runs[0].Task.Measures[0]} {mean:0.0000}"));
        }
    }

    private static void Print(ScoreSheet sheet)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{sheet.Task} {sheet.Subset}: {sheet.Queries} questions, median {sheet.MedianMs:0.0} ms, {sheet.LeftOut} items left out"));
        foreach (MeasureScore score in sheet.Measures)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {score.Name,-22} {score.Text}{(score.Median is { } median ? $", median {median}" : "")}"));
        }

        if (sheet.Measures.Count == 0)
        {
            Console.WriteLine("  the judgements are kept back by the benchmark; see the submission files");
        }
    }
}
