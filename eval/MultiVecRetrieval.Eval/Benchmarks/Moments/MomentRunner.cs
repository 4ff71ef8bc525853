using MultiVecRetrieval.Eval.Benchmarks.Media;
using MultiVecRetrieval.Eval.Benchmarks.Running;
using MultiVecRetrieval.Eval.Benchmarks.Writing;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Moments;

/// <summary>Runs a benchmark of moments by a library: every question is asked of its own video, and <c>predictions.jsonl</c> grows by an
/// answer at a time, from which an ended run goes on.</summary>
/// <param name="options">How.</param>
/// <param name="folder">Where runs lie.</param>
/// <param name="write">Told how far it is.</param>
internal sealed class MomentRunner(RunOptions options, string folder, Action<string> write)
{
    private readonly RunLog _log = new(write);

    /// <summary>Runs it to the end and writes what it leaves.</summary>
    public async Task<ScoreSheet> RunAsync(MomentTask task, CancellationToken cancellationToken)
    {
        string own = Directory.CreateDirectory(Path.Combine(folder, task.Name)).FullName;
        RunSettings.Require(
            own, $"{task.Name}, {task.Split}; {options.Describe()}",
            task.Queries.SelectMany(query => new[] { query.Id, query.Text, query.Video }));
        string path = Path.Combine(own, "predictions.jsonl");
        Dictionary<string, MomentPrediction> predictions = File.Exists(path)
            ? MomentPrediction.Read(path).ToDictionary(prediction => prediction.Id, StringComparer.Ordinal)
            : [];
        MomentQuery[] queries = [.. task.Queries.Take(options.QueryLimit ?? int.MaxValue)];
        MomentQuery[] open = [.. queries.Where(query => !predictions.ContainsKey(query.Id))];
        _log.Say($"{task.Name}: {queries.Length} questions, {queries.Length - open.Length} answered before");
        string leftOut = Path.Combine(own, "left-out.txt");
        IReadOnlyList<string> failed = File.Exists(leftOut) ? await File.ReadAllLinesAsync(leftOut, cancellationToken) : [];
        if (open.Length > 0)
        {
            failed = await AskAsync(task, own, open, path, predictions, cancellationToken);
        }

        return RunFiles.WriteScores(
            own,
            new ScoreSheet
            {
                Task = task.Name,
                Subset = "default",
                Split = task.Split,
                System = options.Describe(),
                Queries = queries.Length,
                LeftOut = failed.Count,
                Measures = [],
            },
            task.Score(queries, predictions));
    }

    private async Task<IReadOnlyList<string>> AskAsync(
        MomentTask task, string own, MomentQuery[] open, string path, Dictionary<string, MomentPrediction> predictions,
        CancellationToken cancellationToken)
    {
        using LibraryIndex index = new(options, own, _log);
        BenchmarkTask videos = new()
        {
            Name = task.Name,
            Corpus = _ => MediaFiles.ToItems(task.Videos),
            Queries = [],
            Judgements = new Judgements(),
            Measures = [],
        };
        IReadOnlyList<string> failed = await index.FillAsync(videos, cancellationToken);
        await File.WriteAllLinesAsync(Path.Combine(own, "left-out.txt"), failed, cancellationToken);
        await using StreamWriter writer = new(path, append: true) { NewLine = "\n", AutoFlush = true };
        foreach (MomentQuery query in open)
        {
            cancellationToken.ThrowIfCancellationRequested();
            MomentPrediction prediction =
                MomentPrediction.Of(query, await index.FindMomentsAsync(query.Text, query.Video, cancellationToken));
            predictions[query.Id] = prediction;
            await writer.WriteLineAsync(prediction.ToLine());
            _log.Progress($"{predictions.Count} of {task.Queries.Count} questions");
        }

        return failed;
    }
}
