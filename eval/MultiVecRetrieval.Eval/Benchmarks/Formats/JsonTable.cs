using System.IO.Compression;
using System.Text.Json;

namespace MultiVecRetrieval.Eval.Benchmarks.Formats;

/// <summary>JSON objects as rows: one a line, or the elements of a list.</summary>
internal static class JsonTable
{
    /// <summary>Reads a file of lines, packed by gzip where its name ends in <c>.gz</c>.</summary>
    /// <exception cref="BenchmarkFormatException">A line is no JSON object.</exception>
    public static IEnumerable<TableRow> ReadLines(string path)
    {
        using FileStream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using StreamReader reader = new(content);
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(line);
            }
            catch (JsonException error)
            {
                throw new BenchmarkFormatException($"{path}, line {number}", "a JSON object", error.Message);
            }

            using (document)
            {
                yield return ToRow($"{path}, line {number}", document.RootElement);
            }
        }
    }

    /// <summary>Reads a file that holds one list of objects.</summary>
    /// <exception cref="BenchmarkFormatException">The file is no list of JSON objects.</exception>
    public static IEnumerable<TableRow> ReadList(string path)
    {
        using JsonDocument document = Parse(path);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new BenchmarkFormatException(path, "a list of objects", document.RootElement.ValueKind.ToString());
        }

        int number = 0;
        foreach (JsonElement element in document.RootElement.EnumerateArray())
        {
            yield return ToRow($"{path}, element {number++}", element);
        }
    }

    /// <summary>Parses a whole file.</summary>
    /// <exception cref="BenchmarkFormatException">The file is no JSON.</exception>
    public static JsonDocument Parse(string path)
    {
        using FileStream file = File.OpenRead(path);
        try
        {
            return JsonDocument.Parse(file);
        }
        catch (JsonException error)
        {
            throw new BenchmarkFormatException(path, "JSON", error.Message);
        }
    }

    /// <summary>An object as a row.</summary>
    public static TableRow ToRow(string source, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new BenchmarkFormatException(source, "a JSON object", element.ValueKind.ToString());
        }

        Dictionary<string, object?> values = new(StringComparer.Ordinal);
        Fill(values, "", element);
        return new TableRow(source, values);
    }

    private static void Fill(Dictionary<string, object?> values, string prefix, JsonElement element)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                Fill(values, name + ".", property.Value);
            }
            else
            {
                values[name] = ToValue(property.Value);
            }
        }
    }

    private static object? ToValue(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out long whole) ? whole : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => element.EnumerateArray().Select(ToValue).ToArray(),
        JsonValueKind.Object => element.GetRawText(),
        _ => null,
    };
}
