using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace MultiVecRetrieval.Eval.Benchmarks.Formats;

/// <summary>A column of a row group as values of its rows.</summary>
internal static class ParquetColumn
{
    /// <summary>Reads it: a value or null for each row, or a list where the column repeats.</summary>
    public static Task<object?[]> ReadAsync(ParquetRowGroupReader rows, DataField field, CancellationToken cancellationToken)
    {
        Type type = field.ClrType;
        return type == typeof(ReadOnlyMemory<char>) || type == typeof(string)
                ? ReadAsync<ReadOnlyMemory<char>>(rows, field, value => value.ToString(), cancellationToken)
            : type == typeof(ReadOnlyMemory<byte>) || type == typeof(byte[])
                ? ReadAsync<ReadOnlyMemory<byte>>(rows, field, value => value.ToArray(), cancellationToken)
            : type == typeof(bool) ? ReadAsync<bool>(rows, field, value => value, cancellationToken)
            : type == typeof(double) ? ReadAsync<double>(rows, field, value => value, cancellationToken)
            : type == typeof(float) ? ReadAsync<float>(rows, field, value => (double)value, cancellationToken)
            : type == typeof(long) ? ReadAsync<long>(rows, field, value => value, cancellationToken)
            : type == typeof(int) ? ReadAsync<int>(rows, field, value => (long)value, cancellationToken)
            : type == typeof(short) ? ReadAsync<short>(rows, field, value => (long)value, cancellationToken)
            : type == typeof(sbyte) ? ReadAsync<sbyte>(rows, field, value => (long)value, cancellationToken)
            : type == typeof(byte) ? ReadAsync<byte>(rows, field, value => (long)value, cancellationToken)
            : type == typeof(uint) ? ReadAsync<uint>(rows, field, value => (long)value, cancellationToken)
            : throw new BenchmarkFormatException(
                string.Create(CultureInfo.InvariantCulture, $"column {field.Path}"), "texts, numbers, flags or bytes", type.Name);
    }

    private static async Task<object?[]> ReadAsync<T>(
        ParquetRowGroupReader rows, DataField field, Func<T, object> convert, CancellationToken cancellationToken)
        where T : struct
    {
        int count = checked((int)(rows.GetMetadata(field)?.MetaData?.NumValues ?? 0));
        T[] values = new T[count];
        int[]? defined = field.MaxDefinitionLevel > 0 ? new int[count] : null;
        int[]? repeated = field.MaxRepetitionLevel > 0 ? new int[count] : null;
        await rows.ReadRawAsync<T>(field, values, ToMemory(defined), ToMemory(repeated), cancellationToken);
        return Assemble(checked((int)rows.RowCount), field.MaxDefinitionLevel, values, defined, repeated, convert);
    }

    // An array that is null would become memory that is empty.
    private static Memory<int>? ToMemory(int[]? levels) => levels is null ? (Memory<int>?)null : levels.AsMemory();

    // Values that are not there have no place among the values, only a level that says so. A list goes on where the repetition is not 0.
    private static object?[] Assemble<T>(int rowCount, int full, T[] values, int[]? defined, int[]? repeated, Func<T, object> convert)
    {
        object?[] result = new object?[rowCount];
        int next = 0;
        int row = -1;
        for (int i = 0; i < values.Length; i++)
        {
            bool isThere = defined is null || defined[i] == full;
            row += repeated is null || repeated[i] == 0 ? 1 : 0;
            object? value = isThere ? convert(values[next++]) : null;
            if (repeated is null)
            {
                result[row] = value;
                continue;
            }

            List<object?> list = (List<object?>)(result[row] ??= new List<object?>());
            if (isThere)
            {
                list.Add(value);
            }
        }

        return result;
    }
}
