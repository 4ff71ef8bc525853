using System.Runtime.CompilerServices;
using MultiVecRetrieval.Eval.Benchmarks.Formats;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Beir;

/// <summary>
/// Data sets of a corpus, queries and judgements: the layout of BEIR (<c>corpus.jsonl</c>, <c>queries.jsonl</c>, <c>qrels/test.tsv</c>),
/// and the folders of Parquet or JSON files in which ViDoRe, MTEB and others are published. Columns are called differently by each.
/// </summary>
/// <param name="folder">The data set.</param>
/// <param name="name">What the task is called.</param>
/// <param name="split">The split that is scored.</param>
internal sealed class BeirFolder(string folder, string name, string split = "test")
{
    private static readonly string[] QueryIds = ["query-id", "query_id", "_id", "id"];
    private static readonly string[] ItemIds = ["corpus-id", "corpus_id", "_id", "id", "docid"];
    private static readonly string[] QueryTexts = ["query", "text", "question"];
    private static readonly string[] ItemTexts = ["text", "markdown"];

    /// <summary>Reads the tasks, one for each subset, and for each language where the queries name it.</summary>
    /// <param name="measures">The measures of the benchmark, the main one first.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="BenchmarkFormatException">A part is missing, or has not the columns.</exception>
    public async Task<IReadOnlyList<BenchmarkTask>> ReadAsync(IReadOnlyList<string> measures, CancellationToken cancellationToken)
    {
        IReadOnlyList<BeirFile> files = BeirFile.Find(folder);
        List<BenchmarkTask> tasks = [];
        foreach (string subset in files.Where(file => file.Part == "qrels").Select(file => file.Subset).Distinct(StringComparer.Ordinal))
        {
            Judgements judgements = await ReadJudgementsAsync(Files(files, "qrels", subset), cancellationToken);
            List<BenchmarkQuery> queries = await ReadQueriesAsync(Files(files, "queries", subset), judgements, cancellationToken);
            queries = await AddCandidatesAsync(files, subset, queries, cancellationToken);
            string[] corpus = Files(files, "corpus", subset);
            foreach (var group in queries.GroupBy(query => query.Group).OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                tasks.Add(new BenchmarkTask
                {
                    Name = name,
                    Split = split,
                    Subset = group.Key ?? subset,
                    Corpus = cancellation => ReadCorpusAsync(corpus, cancellation),
                    Queries = [.. group],
                    Judgements = judgements.Only(group.Select(query => query.Id)),
                    Measures = measures,
                });
            }
        }

        return tasks.Count > 0
            ? tasks
            : throw new BenchmarkFormatException(folder, "files of a corpus, of queries and of qrels", $"{files.Count} such files without qrels");
    }

    // A data set that has only one split has that of another name, as corpora often do.
    private string[] Files(IReadOnlyList<BeirFile> files, string part, string subset)
    {
        BeirFile[] named = [.. files.Where(file => file.Part == part && file.Subset == subset)];
        BeirFile[] ofPart = named.Length > 0 ? named : [.. files.Where(file => file.Part == part && file.Subset == "default")];
        BeirFile[] ofSplit = [.. ofPart.Where(file => file.Split is null || file.Split == split)];
        if (ofSplit.Length > 0)
        {
            return [.. ofSplit.Select(file => file.Path)];
        }

        string[] splits = [.. ofPart.Select(file => file.Split!).Distinct(StringComparer.Ordinal)];
        return splits.Length == 1
            ? [.. ofPart.Select(file => file.Path)]
            : throw new BenchmarkFormatException(
                folder, $"{part} of split '{split}' of subset '{subset}'", splits.Length == 0 ? "none" : $"splits {string.Join(", ", splits)}");
    }

    private static async Task<Judgements> ReadJudgementsAsync(string[] paths, CancellationToken cancellationToken)
    {
        Judgements judgements = new();
        await foreach (TableRow row in TableFile.ReadAllAsync(paths, null, cancellationToken))
        {
            (string query, string item) = (row.Id("query-id", "query_id", "qid"), row.Id("corpus-id", "corpus_id", "docid"));
            double gain = row.Number("score", "relevance") ?? 1;
            // Of several judgements of a pair the best counts.
            judgements.Add(query, item, Math.Max(gain, judgements.Of(query).GetValueOrDefault(item, gain)));
        }

        return judgements;
    }

    // Queries without a positive judgement are left out, as mteb does.
    private static async Task<List<BenchmarkQuery>> ReadQueriesAsync(
        string[] paths, Judgements judgements, CancellationToken cancellationToken)
    {
        List<BenchmarkQuery> queries = [];
        await foreach (TableRow row in TableFile.ReadAllAsync(paths, null, cancellationToken))
        {
            string id = row.Id(QueryIds);
            if (judgements.Of(id).Values.Any(gain => gain > 0))
            {
                string? instruction = row.Text("instruction");
                string? text = row.Text(QueryTexts);
                queries.Add(new BenchmarkQuery(id)
                {
                    Text = string.IsNullOrEmpty(instruction) ? text : $"{text} {instruction}",
                    Picture = row.Bytes("image.bytes"),
                    Group = row.Text("language"),
                });
            }
        }

        return queries;
    }

    private static async Task<List<BenchmarkQuery>> AddCandidatesAsync(
        IReadOnlyList<BeirFile> files, string subset, List<BenchmarkQuery> queries, CancellationToken cancellationToken)
    {
        string[] paths = [.. files.Where(file => file.Part == "top_ranked" && file.Subset == subset).Select(file => file.Path)];
        Dictionary<string, IReadOnlyList<string>> candidates = new(StringComparer.Ordinal);
        await foreach (TableRow row in TableFile.ReadAllAsync(paths, null, cancellationToken))
        {
            candidates[row.Id(QueryIds)] = row.List("corpus-ids", "corpus_ids");
        }

        return candidates.Count == 0 ? queries
            : [.. queries.Select(query => query with { Candidates = candidates.GetValueOrDefault(query.Id) })];
    }

    private static async IAsyncEnumerable<CorpusItem> ReadCorpusAsync(
        string[] paths, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[] columns = [.. ItemIds, .. ItemTexts, "title", "image"];
        await foreach (TableRow row in TableFile.ReadAllAsync(paths, columns, cancellationToken))
        {
            yield return new CorpusItem(row.Id(ItemIds))
            {
                Title = row.Text("title"),
                Text = row.Text(ItemTexts),
                Picture = row.Bytes("image.bytes"),
                File = row.Bytes("image.bytes") is null && row.Text("image.path", "image") is { } path
                    ? Path.Combine(Path.GetDirectoryName(paths[0])!, path)
                    : null,
            };
        }
    }
}
