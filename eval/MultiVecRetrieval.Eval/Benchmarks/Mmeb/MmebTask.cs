using System.Text.Json;
using MultiVecRetrieval.Eval.Benchmarks.Running;
using MultiVecRetrieval.Eval.Benchmarks.Writing;
using MultiVecRetrieval.Eval.Trec;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Benchmarks.Mmeb;

/// <summary>
/// A task of MMEB and the files of its scripts: <c>_info.jsonl</c>, <c>_pred.jsonl</c>, <c>_score.json</c>, and of a run by a model
/// <c>_qry</c> and <c>_tgt</c>, from which the official <c>eval.py</c> ranks and scores by itself.
/// </summary>
/// <param name="dataset">The data set.</param>
/// <param name="hashSeed">See <see cref="SuiteRequest.HashSeed"/>.</param>
/// <param name="names">Names of the candidates, in the order of their ids; null where ids are names.</param>
/// <param name="infos">Candidates and answers, of each question in order.</param>
internal sealed class MmebTask(MmebDataset dataset, int? hashSeed, IReadOnlyList<string>? names, IReadOnlyList<MmebInfo> infos)
{
    private const int MostCandidates = 20_000;

    /// <summary>The task.</summary>
    public BenchmarkTask Create(
        Func<CancellationToken, IAsyncEnumerable<CorpusItem>> corpus, IReadOnlyList<BenchmarkQuery> queries, Judgements judgements) => new()
        {
            Name = dataset.Name,
            Corpus = corpus,
            Queries = queries,
            Judgements = judgements,
            Measures = dataset.Modality == "visdoc" ? ["ndcg@5", "hit@1", "recall@5"] : ["hit@1", "hit@5", "ndcg@5"],
            Depth = names?.Count ?? MostCandidates,
            NeedsModelVectors = dataset.HasTextTargets,
            Special = run => hashSeed is null ? [] : Reproduce(run, queries),
            WriteSubmission = (run, folder) => Write(run, queries, folder),
            WriteVectors = (index, folder, cancellationToken) => WriteVectorsAsync(index, queries, folder, cancellationToken),
        };

    private IReadOnlyList<SpecialScore> Reproduce(RankedRun run, IReadOnlyList<BenchmarkQuery> queries) =>
    [
        new SpecialScore(
            FormattableString.Invariant($"{dataset.MainScore}, PYTHONHASHSEED={hashSeed}"),
            new Dictionary<string, double> { ["all"] = MmebScorer.Evaluate(ToPredictions(run, queries), hashSeed)[dataset.MainScore] }),
    ];

    private void Write(RankedRun run, IReadOnlyList<BenchmarkQuery> queries, string folder)
    {
        string stem = Stem(folder);
        MmebPrediction[] predictions = [.. ToPredictions(run, queries)];
        WriteLines($"{stem}_pred.jsonl", predictions);
        WriteLines($"{stem}_info.jsonl", infos.Take(queries.Count));
        Dictionary<string, object> scores = new(StringComparer.Ordinal);
        foreach ((string name, double value) in MmebScorer.Evaluate(predictions))
        {
            scores[name] = value;
        }

        scores["num_pred"] = predictions.Length;
        scores["num_data"] = predictions.Length;
        File.WriteAllText($"{stem}_score.json", JsonSerializer.Serialize(scores, RunFiles.Json));
        MmebReport.Write(Path.GetDirectoryName(Path.GetDirectoryName(stem))!);
    }

    private MmebPrediction[] ToPredictions(RankedRun run, IReadOnlyList<BenchmarkQuery> queries) =>
    [
        .. queries.Zip(infos, (query, info) => new MmebPrediction
        {
            Prediction = [.. run.Ranking(query.Id).Select(NameOf)],
            Label = info.Labels,
            RelevanceScores = info.RelevanceScores,
        }),
    ];

    private async Task WriteVectorsAsync(
        VectorIndex index, IReadOnlyList<BenchmarkQuery> queries, string folder, CancellationToken cancellationToken)
    {
        string stem = Stem(folder);
        List<MultiVector> asked = [];
        foreach (BenchmarkQuery query in queries)
        {
            asked.Add(await index.EncodeAsync(query, cancellationToken));
        }

        PickleWriter.WriteArray($"{stem}_qry", asked);
        List<(string, MultiVector)> candidates = [];
        foreach (string id in index.Ids)
        {
            if (index.Find(id) is { } rows)
            {
                candidates.Add((NameOf(id), rows));
            }
        }

        PickleWriter.WriteDictionary($"{stem}_tgt", candidates);
    }

    // The scripts take one flat folder for each modality.
    private string Stem(string folder)
    {
        string output = Path.Combine(Path.GetDirectoryName(folder)!, "mmeb", dataset.Modality);
        Directory.CreateDirectory(output);
        return Path.Combine(output, dataset.Name);
    }

    private string NameOf(string id) => names is null
        ? id
        : names[int.Parse(id.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)];

    private static void WriteLines<T>(string path, IEnumerable<T> lines)
    {
        using StreamWriter writer = new(path) { NewLine = "\n" };
        foreach (T line in lines)
        {
            writer.WriteLine(JsonSerializer.Serialize(line));
        }
    }
}
