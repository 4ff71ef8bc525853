using System.Text;

namespace MultiVecRetrieval.Eval.Benchmarks.Formats;

/// <summary>Rows of a CSV or TSV file with a header, fields quoted where need be (RFC 4180).</summary>
internal static class DelimitedTable
{
    /// <summary>Reads the rows; a file that is empty has none.</summary>
    /// <exception cref="BenchmarkFormatException">A row has another number of fields than the header, or a quote is not closed.</exception>
    public static IEnumerable<TableRow> Read(string path, char separator)
    {
        using StreamReader reader = new(path);
        if (ReadFields(reader, separator, path) is not { } header)
        {
            yield break;
        }

        for (int number = 2; ReadFields(reader, separator, path) is { } fields; number++)
        {
            if (fields is [""])
            {
                continue;
            }

            if (fields.Count != header.Count)
            {
                throw new BenchmarkFormatException($"{path}, row {number}", $"{header.Count} fields as in the header", $"{fields.Count}");
            }

            Dictionary<string, object?> values = new(StringComparer.Ordinal);
            for (int i = 0; i < header.Count; i++)
            {
                values[header[i]] = fields[i];
            }

            yield return new TableRow($"{path}, row {number}", values);
        }
    }

    private static List<string>? ReadFields(StreamReader reader, char separator, string path)
    {
        if (reader.ReadLine() is not { } line)
        {
            return null;
        }

        List<string> fields = [];
        StringBuilder field = new();
        bool isQuoted = false;
        for (int i = 0; ; i++)
        {
            if (i == line.Length)
            {
                if (!isQuoted)
                {
                    fields.Add(field.ToString());
                    return fields;
                }

                field.Append('\n');
                line = reader.ReadLine() ?? throw new BenchmarkFormatException(path, "a closing quote", "the end of the file");
                i = -1;
            }
            else if (line[i] == '"' && (isQuoted || field.Length == 0))
            {
                // A doubled quote inside quotes stands for one.
                bool isDoubled = isQuoted && i + 1 < line.Length && line[i + 1] == '"';
                isQuoted = isDoubled || !isQuoted;
                if (isDoubled)
                {
                    field.Append('"');
                    i++;
                }
            }
            else if (line[i] == separator && !isQuoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }
    }
}
