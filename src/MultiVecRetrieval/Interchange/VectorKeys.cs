using System.Globalization;
using System.Text.Json;

namespace MultiVecRetrieval.Interchange;

/// <summary>The file that says whose each row of a file of vectors is: <c>[file].keys.jsonl</c>, a line of JSON per row.</summary>
internal static class VectorKeys
{
    private const int ShownLength = 60;

    private sealed record VectorKey(string Key, int Row);

    public static string PathOf(string path) => path + ".keys.jsonl";

    public static string ToLine(string key, int row) => JsonSerializer.Serialize(new VectorKey(key, row), JsonSerializerOptions.Web);

    /// <summary>The key of each row; without a file the numbers of the rows.</summary>
    /// <param name="path">The file of vectors.</param>
    /// <param name="count">Its rows.</param>
    /// <param name="fail">Makes the error of what was expected and what was found.</param>
    public static string[] Read(string path, int count, Func<string, string, Exception> fail)
    {
        string keysPath = PathOf(path);
        if (!File.Exists(keysPath))
        {
            return [.. Enumerable.Range(0, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];
        }

        List<string> keys = [];
        foreach (string line in File.ReadLines(keysPath))
        {
            try
            {
                keys.Add(JsonSerializer.Deserialize<VectorKey>(line, JsonSerializerOptions.Web) is { Key.Length: > 0 } key
                    ? key.Key
                    : throw new JsonException("no key"));
            }
            catch (JsonException)
            {
                throw fail($"{{\"key\":\"...\",\"row\":0}} in line {keys.Count + 1}", Quote(line));
            }
        }

        return keys.Count == count ? [.. keys] : throw fail($"{count} keys, one per vector", $"{keys.Count}");
    }

    /// <summary>Runs of one key.</summary>
    public static IEnumerable<(string Key, int Start, int Count)> Group(string[] keys)
    {
        for (int start = 0, end; start < keys.Length; start = end)
        {
            end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            yield return (keys[start], start, end - start);
        }
    }

    private static string Quote(string line) => line.Length <= ShownLength ? line : line[..ShownLength] + "…";
}
