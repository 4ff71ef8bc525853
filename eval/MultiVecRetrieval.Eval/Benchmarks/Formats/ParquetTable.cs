using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;

namespace MultiVecRetrieval.Eval.Benchmarks.Formats;

/// <summary>Rows of a Parquet file, a row group in memory at a time. Pictures are structs of <c>bytes</c> and <c>path</c>.</summary>
internal static class ParquetTable
{
    /// <summary>Reads the rows.</summary>
    /// <exception cref="BenchmarkFormatException">The file is no Parquet file.</exception>
    public static async IAsyncEnumerable<TableRow> ReadAsync(
        string path, IReadOnlyList<string>? columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using ParquetReader reader = await OpenAsync(path, cancellationToken);
        DataField[] fields =
        [
            .. reader.Schema.GetDataFields().Where(field => columns is null || columns.Any(column =>
                NameOf(field) == column || NameOf(field).StartsWith(column + ".", StringComparison.Ordinal))),
        ];
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
            Dictionary<string, object?[]> read = new(StringComparer.Ordinal);
            foreach (DataField field in fields)
            {
                read[NameOf(field)] = await ParquetColumn.ReadAsync(rows, field, cancellationToken);
            }

            for (int row = 0; row < rows.RowCount; row++)
            {
                int number = row;
                yield return new TableRow(path, read.ToDictionary(pair => pair.Key, pair => pair.Value[number], StringComparer.Ordinal));
            }
        }
    }

    private static async Task<ParquetReader> OpenAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await ParquetReader.CreateAsync(path, cancellationToken: cancellationToken);
        }
        catch (Exception error) when (error is ParquetException or InvalidDataException || error.GetType() == typeof(IOException)
            || error is EndOfStreamException)
        {
            throw new BenchmarkFormatException(path, "a Parquet file", error.Message);
        }
    }

    // Lists have levels of their own in the path of a column, which no name of a benchmark mentions.
    private static string NameOf(DataField field) =>
        string.Join('.', field.Path.ToList().Where(part => part is not ("list" or "element" or "item")));
}
