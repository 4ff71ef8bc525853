using System.Diagnostics;
using System.Globalization;
using System.Text;
using MultiVecRetrieval.Eval.KnownItems;
using MultiVecRetrieval.Eval.Metrics;
using MultiVecRetrieval.Eval.Pages;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Questions;

/// <summary>
/// Natural questions on real manuals: in other words than the page's, in its words, and such that nothing answers; and known items beside
/// them, because what helps the one may harm the other.
/// </summary>
internal sealed class QuestionsSuite(QuestionsOptions options, Action<string> log)
{
    private const string CollectionName = "questions";
    private const int Depth = 50;

    /// <summary>Runs everything and returns the report.</summary>
    /// <exception cref="SuiteFailedException">A document could not be indexed.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Question> questions =
            [.. Directory.GetFiles(options.QuestionsFolder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(Question.Read)];
        SuiteDocument[] documents = [.. SuiteDocument.Questioned.Where(document =>
            questions.Any(question => question.Document == document.FileName))];
        SuiteFiles files = new(options.CacheFolder, options.CacheFolder, log);
        IReadOnlyDictionary<string, string> versions = files.Fetch(documents);
        using Library library = new(new LibraryOptions
        {
            DataFolder = Path.Combine(options.CacheFolder, "data"),
            ModelFolders = options.ModelFolders,
        });
        string indexing = await IndexAsync(library, files.PdfFolder, cancellationToken);
        (IReadOnlyList<PageText> pages, _) = CollectionPages.Read(library.GetCollection(CollectionName));
        IReadOnlyList<KnownItem> items =
            new KnownItemGenerator(pages, new KnownItemOptions { Count = options.KnownItemCount, Seed = 1 }).Generate();
        List<(string Id, string Kind, string Text, IReadOnlyList<string> Keys)> asked =
        [
            .. questions.Select((question, i) => ($"{question.Kind}-{i:000}", question.Kind, question.Query,
                (IReadOnlyList<string>)[.. question.Keys])),
            .. items.Select(item => ($"known-{item.Id}", "known", item.Text, item.EntryKeys)),
        ];

        StringBuilder report = new();
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{pages.Count} pages of {documents.Length} PDFs; {indexing}").AppendLine(
            $"packages: {string.Join(", ", versions.Select(pair => $"{pair.Key} {pair.Value}"))}");
        report.AppendLine().AppendLine("| side | queries | hit@1 | hit@10 | nDCG@10 | median ms |").AppendLine("|---|---|---|---|---|---|");
        foreach (SearchSide side in new[] { SearchSide.Text, SearchSide.Vectors, SearchSide.Fused })
        {
            await AskAsync(library, side, asked, report, cancellationToken);
        }

        return report.Append(Machine.Describe()).ToString();
    }

    private async Task<string> IndexAsync(Library library, string folder, CancellationToken cancellationToken)
    {
        if (library.CollectionExists(CollectionName))
        {
            if (options.KeepCollection)
            {
                return "indexed by an earlier run";
            }

            await library.DeleteCollectionAsync(CollectionName, cancellationToken);
        }

        log("indexing");
        IndexReport report = await library.IndexAsync(
            new IndexRequest { Collection = CollectionName, Paths = [folder], Models = options.Models }, progress: null, cancellationToken);
        return report.Failed.Count > 0
            ? throw new SuiteFailedException(report.Failed)
            : string.Create(CultureInfo.InvariantCulture, $"indexed in {report.Elapsed.TotalSeconds:0} s");
    }

    private async Task AskAsync(
        Library library, SearchSide side, List<(string Id, string Kind, string Text, IReadOnlyList<string> Keys)> asked,
        StringBuilder report, CancellationToken cancellationToken)
    {
        log($"asking {side}");
        RankedRun run = new();
        Judgements judgements = new();
        Dictionary<string, List<bool>> likely = [];
        List<double> times = [];
        foreach ((string id, string kind, string text, IReadOnlyList<string> keys) in asked)
        {
            long started = Stopwatch.GetTimestamp();
            SearchResult result = await library.SearchAsync(
                new LibraryQuery { Collection = CollectionName, Text = text, Using = side, Top = Depth, Explain = false },
                cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            run.Begin(id);
            foreach (SearchHit hit in result.Hits)
            {
                run.Add(id, hit.Entry.Key, 1.0 / hit.Rank);
            }

            foreach (string key in keys)
            {
                judgements.Add(id, key, 1);
            }

            (likely.TryGetValue(kind, out List<bool>? answers) ? answers : likely[kind] = []).Add(result.Hits is [{ IsLikely: true }, ..]);
            if (options.DetailsFile is { } file)
            {
                await File.AppendAllTextAsync(file, Describe(side, kind, text, keys, result), cancellationToken);
            }
        }

        times.Sort();
        foreach (string kind in likely.Keys.Where(kind => kind != "absent"))
        {
            RunScores scores = RunScores.Compute(run, judgements, id => id.StartsWith(kind, StringComparison.Ordinal));
            report.AppendLine(CultureInfo.InvariantCulture,
                $"| {side} | {kind} ({likely[kind].Count}) | {scores.HitAt1} | {scores.HitAt10} | {scores.NdcgAt10} | {times[times.Count / 2]:0.0} |");
        }

        report.AppendLine(CultureInfo.InvariantCulture, $"| {side} | first hit called likely | {string.Join(", ", likely.Select(pair =>
            $"{pair.Key} {pair.Value.Count(value => value)} of {pair.Value.Count}"))} | | | |");
    }

    private static string Describe(IEnumerable<HitSource> sources) => string.Join(' ', sources.Select(source =>
        string.Create(CultureInfo.InvariantCulture, $"{source.Name}#{source.Rank}:{source.Score:0.000}")));

    private static string Describe(SearchSide side, string kind, string text, IReadOnlyList<string> keys, SearchResult result)
    {
        StringBuilder lines = new();
        lines.AppendLine(CultureInfo.InvariantCulture, $"{side} {kind}: {text} -> {string.Join(", ", keys)}");
        foreach (SearchHit hit in result.Hits.Take(10))
        {
            lines.AppendLine(CultureInfo.InvariantCulture,
                $"  {(keys.Contains(hit.Entry.Key) ? "*" : " ")} {hit.Score:0.000} {hit.Entry.Key} {Describe(hit.Sources)}");
        }

        return lines.ToString();
    }
}
