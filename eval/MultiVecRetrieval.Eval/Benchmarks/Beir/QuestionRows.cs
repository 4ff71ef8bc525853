using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MultiVecRetrieval.Eval.Benchmarks.Formats;
using MultiVecRetrieval.Eval.Trec;

namespace MultiVecRetrieval.Eval.Benchmarks.Beir;

/// <summary>
/// ViDoRe v1 as it was first published: rows of a question and the page that answers it. Questions of the same words are one, and so are
/// pages of the same bytes; rows without a question only add a page.
/// </summary>
/// <param name="folder">Holds Parquet files with the columns <c>query</c> and <c>image</c>.</param>
/// <param name="name">What the task is called.</param>
internal sealed class QuestionRows(string folder, string name)
{
    /// <summary>True where the first table of a folder has such rows.</summary>
    public static async Task<bool> IsInAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (string path in Files(folder))
        {
            await foreach (TableRow row in TableFile.ReadAsync(path, null, cancellationToken))
            {
                return row.Has("query") && row.Has("image.bytes") && !row.Has("query-id");
            }
        }

        return false;
    }

    /// <summary>Reads the task.</summary>
    public async Task<IReadOnlyList<BenchmarkTask>> ReadAsync(IReadOnlyList<string> measures, CancellationToken cancellationToken)
    {
        Dictionary<string, BenchmarkQuery> queries = new(StringComparer.Ordinal);
        Judgements judgements = new();
        await foreach (TableRow row in TableFile.ReadAllAsync(Files(folder), ["query", "image"], cancellationToken))
        {
            if (row.Text("query") is not { Length: > 0 } text)
            {
                continue;
            }

            if (!queries.TryGetValue(text, out BenchmarkQuery? query))
            {
                queries[text] = query = new BenchmarkQuery(FormattableString.Invariant($"query-{queries.Count}")) { Text = text };
            }

            judgements.Add(query.Id, HashOf(row), 1);
        }

        return queries.Count == 0
            ? throw new BenchmarkFormatException(folder, "rows with a query and an image", "none")
            :
            [
                new BenchmarkTask
                {
                    Name = name,
                    Corpus = ReadPagesAsync,
                    Queries = [.. queries.Values],
                    Judgements = judgements,
                    Measures = measures,
                },
            ];
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string HashOf(TableRow row) => Convert.ToHexStringLower(
        SHA256.HashData((row.Bytes("image.bytes") ?? throw new BenchmarkFormatException(row.Source, "bytes of an image", "none")).Span))[..32];

    private async IAsyncEnumerable<CorpusItem> ReadPagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        await foreach (TableRow row in TableFile.ReadAllAsync(Files(folder), ["image"], cancellationToken))
        {
            string hash = HashOf(row);
            if (seen.Add(hash))
            {
                yield return new CorpusItem(hash) { Picture = row.Bytes("image.bytes") };
            }
        }
    }
}
