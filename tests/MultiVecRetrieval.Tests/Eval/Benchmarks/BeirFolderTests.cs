using MultiVecRetrieval.Eval.Benchmarks;

namespace MultiVecRetrieval.Tests.Eval.Benchmarks;

public sealed class BeirFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_JsonLinesAndTsv_AreABeirTask()
    {
        Write("corpus.jsonl", """
            {"_id": "d1", "title": "Planets", "text": "Eight of them."}
            {"_id": "d2", "title": "", "text": "Moons"}
            """);
        Write("queries.jsonl", """
            {"_id": "q1", "text": "how many planets", "metadata": {"url": "x"}}
            {"_id": "q2", "text": "nobody judged this"}
            {"_id": "q3", "text": "only judged as wrong"}
            """);
        Write("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t1\nq3\td1\t0\n");
        Write("qrels/train.tsv", "query-id\tcorpus-id\tscore\nq2\td1\t1\n");

        BenchmarkTask task = Assert.Single(await ReadAsync("beir"));

        Assert.Equal(["q1"], task.Queries.Select(query => query.Id));
        Assert.Equal("how many planets", task.Queries[0].Text);
        Assert.Equal(2, task.Judgements.Of("q1")["d1"]);
        Assert.Equal(["Planets\n\nEight of them.", "Moons"], (await ItemsAsync(task)).Select(item => item.FullText));
        Assert.All(await ItemsAsync(task), item => Assert.True(item.IsText));
        Assert.Null(task.Queries[0].ReadPicture());
        Assert.Equal("ndcg@10", task.Measures[0]);
        Assert.Equal(Path.GetFileName(_folder.FullName), task.Name);
    }

    [Fact]
    public async Task Read_OtherSplit_TakesItsJudgements()
    {
        Write("corpus.jsonl", """{"_id": "d1", "text": "x"}""");
        Write("queries.jsonl", """{"_id": "q1", "text": "a"}""");
        Write("qrels/dev.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\n");
        Write("qrels/train.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\n");

        Assert.Equal("dev", Assert.Single(await ReadAsync("beir", "dev")).Split);
        BenchmarkFormatException error = await Assert.ThrowsAsync<BenchmarkFormatException>(() => ReadAsync("beir"));
        Assert.Contains("dev, train", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ParquetOfPages_StreamsPicturesAndMakesAnIdOfNumbers()
    {
        await ParquetFiles.WriteAsync(_folder.PathOf("corpus/test-00000-of-00002.parquet"), 2,
            ("corpus-id", new long[] { 0, 1, 2 }), ("image", new byte[]?[] { [1], [2], [3] }));
        await ParquetFiles.WriteAsync(_folder.PathOf("corpus/test-00001-of-00002.parquet"), 2,
            ("corpus-id", new long[] { 3 }), ("image", new byte[]?[] { [4] }));
        await ParquetFiles.WriteAsync(_folder.PathOf("queries/test-00000-of-00001.parquet"), 5,
            ("query-id", new long[] { 0, 1 }), ("query", new string?[] { "first", "second" }));
        await ParquetFiles.WriteAsync(_folder.PathOf("qrels/test-00000-of-00001.parquet"), 5,
            ("query-id", new long[] { 0, 1, 1 }), ("corpus-id", new long[] { 2, 3, 0 }), ("score", new double[] { 1, 2, 1 }));

        BenchmarkTask task = Assert.Single(await ReadAsync("vidore"));

        Assert.Equal("ndcg@5", task.Measures[0]);
        Assert.Equal([("0", 1), ("1", 2), ("2", 3), ("3", 4)], (await ItemsAsync(task)).Select(item => (item.Id, item.Picture!.Value.Span[0])));
        Assert.Equal(["first", "second"], task.Queries.Select(query => query.Text));
        Assert.Equal(2, task.Judgements.Of("1")["3"]);
    }

    [Fact]
    public async Task Read_QueriesOfSeveralLanguages_AreASubsetEach()
    {
        Write("english-corpus/test-00000-of-00001.jsonl", """{"id": "d1", "text": "x"}""");
        Write("english-queries/test-00000-of-00001.jsonl", """{"id": "q1", "text": "a"}""");
        Write("english-qrels/test-00000-of-00001.jsonl", """{"query-id": "q1", "corpus-id": "d1", "score": 1}""");
        Assert.Equal("english", Assert.Single(await ReadAsync("mteb")).Subset);

        Write("english-queries/test-00000-of-00001.jsonl", """
            {"id": "q1", "text": "a", "language": "english"}
            {"id": "q2", "text": "b", "language": "french"}
            """);
        Write("english-qrels/test-00000-of-00001.jsonl", """
            {"query-id": "q1", "corpus-id": "d1", "score": 1}
            {"query-id": "q2", "corpus-id": "d1", "score": 1}
            """);

        IReadOnlyList<BenchmarkTask> tasks = await ReadAsync("mteb");

        Assert.Equal(["english", "french"], tasks.Select(task => task.Subset));
        Assert.Equal(["q2"], tasks[1].Judgements.QueryIds);
    }

    [Fact]
    public async Task Read_TopRanked_IsWhatIsRankedForAQuery()
    {
        Write("corpus.jsonl", """{"_id": "d1", "text": "x"}""");
        Write("queries.jsonl", """{"_id": "q1", "text": "a"}""");
        Write("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\n");
        Write("top_ranked/test.jsonl", """{"query-id": "q1", "corpus-ids": ["d1", "d7"]}""");

        Assert.Equal(["d1", "d7"], Assert.Single(await ReadAsync("mteb")).Queries[0].Candidates!);
    }

    [Fact]
    public async Task Read_RowsOfQuestions_AreOnePerTextAndPage()
    {
        byte[] page = [1, 2], other = [3, 4], unasked = [5];
        await ParquetFiles.WriteAsync(_folder.PathOf("data/test-00000-of-00001.parquet"), 2,
            ("query", new string?[] { "a", "b", "a", null }), ("image", new byte[]?[] { page, page, other, unasked }));

        BenchmarkTask task = Assert.Single(await ReadAsync("vidore"));

        Assert.Equal(["a", "b"], task.Queries.Select(query => query.Text));
        List<CorpusItem> pages = await ItemsAsync(task);
        Assert.Equal([page, other, unasked], pages.Select(item => item.Picture!.Value.ToArray()));
        Assert.Equal([pages[0].Id, pages[1].Id], task.Judgements.Of(task.Queries[0].Id).Keys);
        Assert.Equal([pages[0].Id], task.Judgements.Of(task.Queries[1].Id).Keys);
    }

    [Fact]
    public async Task Read_FolderOfDataSets_IsATaskEach()
    {
        foreach (string name in (string[])["one", "two"])
        {
            Write($"{name}/corpus.jsonl", """{"_id": "d1", "text": "x"}""");
            Write($"{name}/queries.jsonl", """{"_id": "q1", "text": "a"}""");
            Write($"{name}/qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\n");
        }

        Assert.Equal(["one", "two"], (await ReadAsync("beir")).Select(task => task.Name));
    }

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.PathOf(name))!);
        File.WriteAllText(_folder.PathOf(name), content, new System.Text.UTF8Encoding(false));
    }

    private Task<IReadOnlyList<BenchmarkTask>> ReadAsync(string suite, string? split = null) =>
        BenchmarkSuites.Find(suite).ReadAsync(new SuiteRequest(_folder.FullName) { Split = split }, TestContext.Current.CancellationToken);

    private static async Task<List<CorpusItem>> ItemsAsync(BenchmarkTask task)
    {
        List<CorpusItem> items = [];
        await foreach (CorpusItem item in task.Corpus(TestContext.Current.CancellationToken))
        {
            items.Add(item);
        }

        return items;
    }
}
