using System.Text.Json;

namespace MultiVecRetrieval.Eval.Benchmarks.Writing;

/// <summary>The folder of a finished run, read again.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Sheet">Its scores.</param>
internal sealed record RunFolder(string Path, ScoreSheet Sheet)
{
    /// <summary>Its task and subset.</summary>
    public string Task => Sheet.Subset == "default" ? Sheet.Task : $"{Sheet.Task}.{Sheet.Subset}";

    /// <summary>Every finished run in a folder and below it.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static IReadOnlyList<RunFolder> FindAll(string folder)
    {
        RunFolder[] found =
        [
            .. Directory.EnumerateFiles(folder, RunFiles.Scores, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(path => new RunFolder(
                    System.IO.Path.GetDirectoryName(path)!,
                    JsonSerializer.Deserialize<ScoreSheet>(File.ReadAllText(path), RunFiles.Json)
                        ?? throw new BenchmarkFormatException(path, "scores", "null"))),
        ];
        return found.Length > 0 ? found : throw new FileNotFoundException($"{folder} holds no finished run ({RunFiles.Scores}).");
    }

    /// <summary>The values of its measures by query.</summary>
    public IReadOnlyList<SpecialScore> ReadValues()
    {
        string path = System.IO.Path.Combine(Path, RunFiles.Values);
        Dictionary<string, Dictionary<string, double>> values =
            JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, double>>>(File.ReadAllText(path))
                ?? throw new BenchmarkFormatException(path, "values of measures", "null");
        return [.. values.Select(pair => new SpecialScore(pair.Key, pair.Value))];
    }
}
