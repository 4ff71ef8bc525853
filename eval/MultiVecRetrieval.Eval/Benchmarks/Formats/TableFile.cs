using System.Runtime.CompilerServices;

namespace MultiVecRetrieval.Eval.Benchmarks.Formats;

/// <summary>Rows of a file, read one after the other: Parquet by row groups, JSON by lines, CSV and TSV with a header.</summary>
internal static class TableFile
{
    private static readonly string[] Extensions = [".parquet", ".jsonl", ".jsonl.gz", ".tsv", ".csv"];

    /// <summary>True where the name says that the file is a table.</summary>
    public static bool IsTable(string path) =>
        Array.Exists(Extensions, extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads the rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Columns that are needed, with all that is below them; the others may be left out. Null for all.</param>
    /// <param name="cancellationToken">Stops between row groups and lines.</param>
    public static IAsyncEnumerable<TableRow> ReadAsync(
        string path, IReadOnlyList<string>? columns = null, CancellationToken cancellationToken = default) =>
        Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".parquet" => ParquetTable.ReadAsync(path, columns, cancellationToken),
            ".tsv" => ToAsync(DelimitedTable.Read(path, '\t'), cancellationToken),
            ".csv" => ToAsync(DelimitedTable.Read(path, ','), cancellationToken),
            _ => ToAsync(JsonTable.ReadLines(path), cancellationToken),
        };

    /// <summary>Reads the rows of several files of one table, in the order of their names.</summary>
    public static async IAsyncEnumerable<TableRow> ReadAllAsync(
        IEnumerable<string> paths, IReadOnlyList<string>? columns = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (string path in paths.Order(StringComparer.Ordinal))
        {
            await foreach (TableRow row in ReadAsync(path, columns, cancellationToken))
            {
                yield return row;
            }
        }
    }

    private static async IAsyncEnumerable<TableRow> ToAsync(
        IEnumerable<TableRow> rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (TableRow row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }
    }
}
