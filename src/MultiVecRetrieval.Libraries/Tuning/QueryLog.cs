using System.Text.Json;

namespace MultiVecRetrieval.Libraries.Tuning;

/// <summary>
/// The latest text queries of a collection, for tuning: one {"id","query"} a line in <c>queries.jsonl</c> of its folder, the format
/// that <c>mvr search --queries</c> reads. Kept only where the setting <c>logQueries</c> asks for it. Thread-safe within a process.
/// </summary>
internal sealed class QueryLog(string collectionFolder)
{
    /// <summary>When the file grows beyond this, the older half of its lines goes.</summary>
    private const long MaxLength = 512 << 10;

    private static readonly Lock Gate = new();
    private readonly string _path = Path.Combine(collectionFolder, "queries.jsonl");

    private sealed record Line(string Id, string Query);

    public void Add(string query)
    {
        lock (Gate)
        {
            string line = JsonSerializer.Serialize(new Line(DateTimeOffset.UtcNow.ToString("O"), query), JsonSerializerOptions.Web);
            File.AppendAllText(_path, line + "\n");
            if (new FileInfo(_path).Length > MaxLength)
            {
                string[] lines = File.ReadAllLines(_path);
                string temporary = _path + ".new";
                File.WriteAllLines(temporary, lines[(lines.Length / 2)..]);
                File.Move(temporary, _path, overwrite: true);
            }
        }
    }

    /// <summary>The queries, each once, the oldest first; a line cut short by a crash is passed over.</summary>
    public IReadOnlyList<string> Read()
    {
        lock (Gate)
        {
            return File.Exists(_path)
                ? [.. File.ReadAllLines(_path).Select(Parse).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)]
                : [];
        }
    }

    private static string? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(line, JsonSerializerOptions.Web)?.Query;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
