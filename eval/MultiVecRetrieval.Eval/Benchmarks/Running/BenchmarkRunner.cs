using System.Diagnostics;
using System.Text.Json;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Running;

/// <summary>
/// Runs a task: takes in its corpus, asks its questions, keeps each answer as it comes. A run that was ended goes on where it was when it
/// is started again with the same settings.
/// </summary>
/// <param name="options">How.</param>
/// <param name="folder">Where runs lie, a folder for each task.</param>
/// <param name="write">Told how far it is.</param>
internal sealed class BenchmarkRunner(RunOptions options, string folder, Action<string> write)
{
    private readonly RunLog _log = new(write);

    /// <summary>Runs it to the end.</summary>
    /// <exception cref="ArgumentException">The folder holds a run with other settings.</exception>
    public async Task<FinishedRun> RunAsync(BenchmarkTask task, CancellationToken cancellationToken)
    {
        string own = Directory.CreateDirectory(Path.Combine(folder, task.FullName)).FullName;
        RunSettings.Require(
            own, $"{task.FullName}, {task.Split}, depth {task.Depth}; {options.Describe()}",
            task.Queries.SelectMany(query => new[] { query.Id, query.Text, query.File, query.LikeItem }));
        long started = Stopwatch.GetTimestamp();
        string path = Path.Combine(own, "answers.jsonl");
        Dictionary<string, StoredAnswer> answers =
            JsonLines.ReadWhole<StoredAnswer>(path).ToDictionary(answer => answer.Query, StringComparer.Ordinal);
        BenchmarkQuery[] queries = [.. task.Queries.Take(options.QueryLimit ?? int.MaxValue)];
        BenchmarkQuery[] open = [.. queries.Where(query => !answers.ContainsKey(query.Id))];
        _log.Say($"{task.FullName}: {queries.Length} questions, {queries.Length - open.Length} answered before");
        string leftOut = Path.Combine(own, "left-out.txt");
        IReadOnlyList<string> failed = File.Exists(leftOut) ? await File.ReadAllLinesAsync(leftOut, cancellationToken) : [];
        if (open.Length > 0)
        {
            using ICorpusIndex index = options.ByModel || task.NeedsModelVectors
                ? new VectorIndex(options, own, _log)
                : new LibraryIndex(options, own, _log);
            failed = await index.FillAsync(task, cancellationToken);
            await File.WriteAllLinesAsync(leftOut, failed, cancellationToken);
            await AskAsync(task, index, open, path, answers, cancellationToken);
            if (task.WriteVectors is { } write && index is VectorIndex vectors)
            {
                await write(vectors, own, cancellationToken);
            }
        }

        RankedRun run = new();
        foreach (BenchmarkQuery query in queries)
        {
            answers[query.Id].AddTo(run);
        }

        Judgements judgements = options.QueryLimit is null ? task.Judgements : task.Judgements.Only(queries.Select(query => query.Id));
        return new FinishedRun(task with { Queries = queries, Judgements = judgements }, run, own, options.Describe())
        {
            Elapsed = Stopwatch.GetElapsedTime(started),
            LeftOut = failed,
            MedianMs = Median([.. answers.Values.Select(answer => answer.Milliseconds)]),
        };
    }

    private async Task AskAsync(
        BenchmarkTask task, ICorpusIndex index, BenchmarkQuery[] open, string path, Dictionary<string, StoredAnswer> answers,
        CancellationToken cancellationToken)
    {
        await using StreamWriter writer = new(path, append: true) { NewLine = "\n", AutoFlush = true };
        int done = 0;
        foreach (BenchmarkQuery query in open)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long started = Stopwatch.GetTimestamp();
            IReadOnlyList<RankedItem> items = await index.SearchAsync(query, task.Depth, cancellationToken);
            StoredAnswer answer = new(
                query.Id, Stopwatch.GetElapsedTime(started).TotalMilliseconds, [.. items.Select(item => item.Id)],
                [.. items.Select(item => item.Score)]);
            answers[query.Id] = answer;
            await writer.WriteLineAsync(JsonSerializer.Serialize(answer));
            _log.Progress($"{++done} of {open.Length} questions");
        }
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : values[values.Length / 2];
    }
}
