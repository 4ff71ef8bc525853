using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MultiVecRetrieval.Cli;

/// <summary>Runs a file of queries in one process and writes a TREC run.</summary>
/// <remarks>
/// TREC fields are separated by blanks, so blanks inside a key are written as %20, tabs as %09. The file appears under its name
/// only when it is complete.
/// </remarks>
internal static class QueryFile
{
    private const string Tag = "mvr";

    public static async Task<int> RunAsync(
        Library library, LibraryQuery template, string queryPath, string runPath, CancellationToken cancellationToken)
    {
        string temporary = runPath + ".partial";
        int count = 0;
        using (StreamWriter writer = new(temporary, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
        {
            foreach ((string id, string query) in Read(queryPath))
            {
                LibraryQuery request = File.Exists(query)
                    ? template with { Text = null, ImagePath = query, Explain = false }
                    : template with { Text = query, ImagePath = null, Explain = false };
                foreach (SearchHit hit in (await library.SearchAsync(request, cancellationToken)).Hits)
                {
                    writer.Write(
                        string.Create(CultureInfo.InvariantCulture,
                        $"{Escape(id)} Q0 {Escape(hit.Entry.Key)} {hit.Rank} {hit.Score:R} {Tag}\n"));
                }

                count++;
            }
        }

        File.Move(temporary, runPath, overwrite: true);
        Terminal.WriteNotice($"{count} queries written to {runPath}");
        return ExitCode.Success;
    }

    internal static IEnumerable<(string Id, string Query)> Read(string path)
    {
        int lineNumber = 0;
        foreach (string line in File.ReadLines(path))
        {
            lineNumber++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                yield return ReadLine(path, lineNumber, line);
            }
        }
    }

    private static (string Id, string Query) ReadLine(string path, int lineNumber, string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement id = document.RootElement.GetProperty("id");
            string idText = id.ValueKind == JsonValueKind.String ? id.GetString()! : id.GetRawText();
            return (idText, document.RootElement.GetProperty("query").GetString() ?? throw new FormatException("query is null"));
        }
        catch (Exception exception) when (exception
            is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new UsageException($"{path} line {lineNumber}: expected an object with \"id\" and \"query\", found: {line}");
        }
    }

    private static string Escape(string field)
        => field.Replace(" ", "%20", StringComparison.Ordinal).Replace("\t", "%09", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal);
}
