namespace MultiVecRetrieval.Eval.Benchmarks.Beir;

/// <summary>Benchmarks of a corpus, queries and judgements; a folder is one data set, or holds one a folder.</summary>
internal static class BeirSuites
{
    private static readonly string[] AtTen = ["ndcg@10", "ndcg@5", "recall@1", "recall@10", "recall@100", "mrr@10", "map"];
    private static readonly string[] AtFive = ["ndcg@5", "ndcg@10", "recall@1", "recall@5", "recall@10", "mrr@10", "map"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BenchmarkSuite> All { get; } =
    [
        Of("beir", "BEIR: corpus.jsonl, queries.jsonl, qrels/*.tsv; nDCG@10", AtTen),
        Of("mteb", "MTEB retrieval tasks of texts and pictures: corpus, queries and qrels as Parquet or JSONL; nDCG@10", AtTen),
        Of("vidore", "ViDoRe v1 and v2: corpus, queries and qrels as Parquet, or v1's rows of questions; nDCG@5", AtFive),
        Of("vidore-v3", "ViDoRe v3: the same; nDCG@10", AtTen),
        Of("jina-vdr", "Jina VDR: the same; nDCG@5", AtFive),
    ];

    private static BenchmarkSuite Of(string name, string description, IReadOnlyList<string> measures) =>
        new(name, description, (request, cancellationToken) => ReadAsync(request, measures, cancellationToken));

    private static async Task<IReadOnlyList<BenchmarkTask>> ReadAsync(
        SuiteRequest request, IReadOnlyList<string> measures, CancellationToken cancellationToken)
    {
        List<BenchmarkTask> tasks = [];
        foreach (string folder in DataSets(request.Root))
        {
            string name = Path.GetFileName(folder);
            bool isTriple = BeirFile.Find(folder).Any(file => file.Part is "corpus" or "queries");
            tasks.AddRange(!isTriple && await QuestionRows.IsInAsync(folder, cancellationToken)
                ? await new QuestionRows(folder, name).ReadAsync(measures, cancellationToken)
                : await new BeirFolder(folder, name, request.Split ?? "test").ReadAsync(measures, cancellationToken));
        }

        return tasks;
    }

    // A folder that holds data sets has none of the parts of one itself.
    private static string[] DataSets(string root)
    {
        string[] folders = [.. Directory.EnumerateDirectories(root).Order(StringComparer.Ordinal)];
        bool isOne = Directory.EnumerateFiles(root, "*.parquet").Any() || Directory.EnumerateFiles(root, "*.jsonl*").Any()
            || folders.Any(folder => Path.GetFileName(folder) is "data" or "corpus" or "queries" or "qrels"
                || Path.GetFileName(folder).EndsWith("-qrels", StringComparison.Ordinal));
        return isOne ? [root] : folders;
    }
}
