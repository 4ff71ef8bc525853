using MultiVecRetrieval.Eval.Benchmarks.Beir;
using MultiVecRetrieval.Eval.Benchmarks.Formats;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Mmeb;

/// <summary>MMEB-V2, of which any part may lie in the folder: the rows of a data set in a folder or file of its name.</summary>
internal static class MmebSuite
{
    private static readonly string[] Places = ["", "MMEB_Test_Instruct", "image-tasks", "video-tasks", "visdoc-tasks", "data"];

    /// <summary>The suite.</summary>
    public static BenchmarkSuite Suite { get; } = new(
        "mmeb",
        "MMEB-V2: rows in MMEB_Test_Instruct/DATASET, video-tasks/DATASET and visdoc-tasks/DATASET, pictures in image-tasks, videos anywhere below",
        ReadAsync);

    private static async Task<IReadOnlyList<BenchmarkTask>> ReadAsync(SuiteRequest request, CancellationToken cancellationToken)
    {
        List<BenchmarkTask> tasks = [];
        foreach (MmebDataset dataset in MmebDataset.All)
        {
            string[] tables = Find(request.Root, dataset.Name);
            if (tables.Length > 0 && dataset.Rows == MmebRows.Pages)
            {
                tasks.AddRange(await ReadPagesAsync(dataset, request, FolderOf(request.Root, dataset.Name),
                    cancellationToken));
            }
            else if (tables.Length > 0 && dataset.Rows != MmebRows.Frames)
            {
                tasks.Add(await new MmebReader(dataset, request, tables).ReadAsync(cancellationToken));
            }
        }

        return tasks.Count > 0 ? tasks : throw new BenchmarkFormatException(request.Root, "rows of a data set of MMEB in a folder of its name", "none");
    }

    // Grades of 0 are no answers there, and all languages are one task.
    private static async Task<IReadOnlyList<BenchmarkTask>> ReadPagesAsync(
        MmebDataset dataset, SuiteRequest request, string folder, CancellationToken cancellationToken)
    {
        string split = request.Split ?? (dataset.Group == "VisRAG" ? "train" : "test");
        IReadOnlyList<BenchmarkTask> read = await new BeirFolder(folder, dataset.Name, split).ReadAsync(["ndcg@5"], cancellationToken);
        BenchmarkQuery[] queries = [.. read.SelectMany(task => task.Queries)];
        Judgements judgements = new();
        List<MmebInfo> infos = [];
        foreach (BenchmarkTask task in read)
        {
            foreach (BenchmarkQuery query in task.Queries)
            {
                KeyValuePair<string, double>[] answers = [.. task.Judgements.Of(query.Id).Where(pair => pair.Value > 0)];
                foreach ((string item, double gain) in answers)
                {
                    judgements.Add(query.Id, item, gain);
                }

                string[] labels = [.. answers.Select(pair => pair.Key)];
                infos.Add(new MmebInfo { Candidates = labels, Labels = labels, RelevanceScores = [.. answers.Select(pair => pair.Value)] });
            }
        }

        if (request.HasInstructions)
        {
            queries = [.. queries.Select(query => query with { Text = MmebPrompts.Query(dataset, "", query.Text ?? "") })];
        }

        return [new MmebTask(dataset, request.HashSeed, names: null, infos).Create(read[0].Corpus, queries, judgements)];
    }

    private static string FolderOf(string root, string name) =>
        Places.Select(place => Path.Combine(root, place, name)).First(Directory.Exists);

    private static string[] Find(string root, string name)
    {
        foreach (string place in Places)
        {
            string folder = Path.Combine(root, place, name);
            string[] inFolder = Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(TableFile.IsTable)]
                : [];
            string[] alone = [.. ((string[])[".parquet", ".jsonl"]).Select(extension => folder + extension).Where(File.Exists)];
            if (inFolder.Length + alone.Length > 0)
            {
                return [.. inFolder, .. alone];
            }
        }

        return [];
    }
}
