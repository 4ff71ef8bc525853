using System.Globalization;

namespace MultiVecRetrieval.Eval.Benchmarks.Formats;

/// <summary>A row of a table, whatever file it was read from. Members of structs are columns of their own: <c>image.bytes</c>.</summary>
/// <param name="source">The file, for errors.</param>
/// <param name="values">Text, number (long or double), bool, bytes, or a list of these, by column; null where the row has none.</param>
internal sealed class TableRow(string source, IReadOnlyDictionary<string, object?> values)
{
    /// <summary>The file it was read from.</summary>
    public string Source { get; } = source;

    /// <summary>Names of the columns.</summary>
    public IEnumerable<string> Columns => values.Keys;

    /// <summary>True where the table has the column, whether or not this row has a value in it.</summary>
    public bool Has(string column) => values.ContainsKey(column);

    /// <summary>The value of the first of these columns that the table has, as text; null where the row has none.</summary>
    public string? Text(params ReadOnlySpan<string> columns) => Find(columns) switch
    {
        null => null,
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new BenchmarkFormatException(Source, $"a text in column {string.Join(" or ", columns.ToArray())}", "something else"),
    };

    /// <summary>The same of a column that every row must fill.</summary>
    /// <exception cref="BenchmarkFormatException">The table has none of the columns, or the row no value.</exception>
    public string Id(params ReadOnlySpan<string> columns) => Text(columns)
        ?? throw new BenchmarkFormatException(
            Source, $"a value in column {string.Join(" or ", columns.ToArray())}", $"columns {string.Join(", ", Columns)}");

    /// <summary>The value as a number; null where the row has none.</summary>
    public double? Number(params ReadOnlySpan<string> columns) => Find(columns) switch
    {
        null => null,
        long whole => whole,
        double number => number,
        bool flag => flag ? 1 : 0,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
        _ => throw new BenchmarkFormatException(Source, $"a number in column {string.Join(" or ", columns.ToArray())}", Text(columns) ?? "a list"),
    };

    /// <summary>The value as bytes; null where the row has none.</summary>
    public ReadOnlyMemory<byte>? Bytes(string column) => Find(column) is byte[] bytes ? bytes : (ReadOnlyMemory<byte>?)null;

    /// <summary>The values of a list, as text; empty where the row has none. A single value is a list of one.</summary>
    public IReadOnlyList<string> List(params ReadOnlySpan<string> columns) => Find(columns) switch
    {
        null => [],
        IReadOnlyList<object?> list => [.. list.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")],
        object value => [Convert.ToString(value, CultureInfo.InvariantCulture)!],
    };

    private object? Find(params ReadOnlySpan<string> columns)
    {
        foreach (string column in columns)
        {
            if (values.TryGetValue(column, out object? value))
            {
                return value;
            }
        }

        return null;
    }
}
