using Parquet;
using Parquet.Schema;

namespace MultiVecRetrieval.Tests.Eval.Benchmarks;

/// <summary>Writes small Parquet files as data sets of pictures are published.</summary>
internal static class ParquetFiles
{
    /// <summary>A column of a table: numbers, texts, pictures as structs of bytes and path, or lists of texts.</summary>
    public static async Task WriteAsync(string path, int rowsOfGroup, params (string Name, Array Values)[] columns)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Field[] fields = [.. columns.Select(column => ToField(column.Name, column.Values))];
        ParquetSchema schema = new(fields);
        await using FileStream file = File.Create(path);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file);
        for (int start = 0; start < columns[0].Values.Length; start += rowsOfGroup)
        {
            int count = Math.Min(rowsOfGroup, columns[0].Values.Length - start);
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            for (int i = 0; i < fields.Length; i++)
            {
                await WriteAsync(group, fields[i], columns[i].Values, start, count);
            }
        }
    }

    private static Field ToField(string name, Array values) => values switch
    {
        byte[]?[] => new StructField(name, new DataField<byte[]>("bytes"), new DataField<string>("path")),
        string[][] => new ListField(name, new DataField<string>("element")),
        long[] => new DataField<long>(name),
        double[] => new DataField<double>(name),
        _ => new DataField<string>(name),
    };

    private static async Task WriteAsync(ParquetRowGroupWriter group, Field field, Array values, int start, int count)
    {
        switch (field, values)
        {
            case (DataField data, long[] numbers):
                await group.WriteAsync<long>(data, numbers.AsMemory(start, count));
                break;
            case (DataField data, double[] numbers):
                await group.WriteAsync<double>(data, numbers.AsMemory(start, count));
                break;
            case (DataField data, string?[] texts):
                await group.WriteAsync(data, (IReadOnlyCollection<string>)texts.AsSpan(start, count).ToArray()!);
                break;
            case (StructField picture, byte[]?[] bytes):
                byte[]?[] part = bytes.AsSpan(start, count).ToArray();
                await WritePartsAsync<ReadOnlyMemory<byte>>(
                    group, (DataField)picture.Fields[0], [.. part.OfType<byte[]>()], [.. part.Select(value => value is null ? 0 : 2)],
                        null);
                await WritePartsAsync<ReadOnlyMemory<char>>(
                    group, (DataField)picture.Fields[1], [.. part.OfType<byte[]>().Select(_ => "page.png".AsMemory())],
                    [.. part.Select(value => value is null ? 0 : 2)], null);
                break;
            case (ListField list, string[][] lists):
                string[][] rows = lists.AsSpan(start, count).ToArray();
                DataField element = (DataField)list.Item;
                await WritePartsAsync<ReadOnlyMemory<char>>(
                    group, element, [.. rows.SelectMany(row => row).Select(text => text.AsMemory())],
                    [.. rows.SelectMany(row => row.Length == 0 ? [1] : row.Select(_ => element.MaxDefinitionLevel))],
                    [.. rows.SelectMany(row => row.Length == 0 ? [0] : row.Select((_, i) => i == 0 ? 0 : 1))]);
                break;
        }
    }

    private static Task WritePartsAsync<T>(ParquetRowGroupWriter group, DataField field, T[] values, int[] defined, int[]? repeated)
        where T : struct =>
        group.WriteAllPartsAsync<T>(field, values, defined, repeated is null ? null : (ReadOnlyMemory<int>?)repeated,
            CancellationToken.None);
}
