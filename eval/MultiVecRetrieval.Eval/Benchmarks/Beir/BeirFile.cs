using System.Text.RegularExpressions;
using MultiVecRetrieval.Eval.Benchmarks.Formats;

namespace MultiVecRetrieval.Eval.Benchmarks.Beir;

/// <summary>A file of a data set in the layout of BEIR or of a hub of data sets, by its path: which part it is of which subset and
/// split.</summary>
/// <param name="Path">The file.</param>
/// <param name="Part">Corpus, queries, qrels or top_ranked.</param>
/// <param name="Subset">The subset, <c>default</c> where none is named.</param>
/// <param name="Split">The split; null where none is named.</param>
internal sealed partial record BeirFile(string Path, string Part, string Subset, string? Split)
{
    /// <summary>Every file of a part below a folder.</summary>
    public static IReadOnlyList<BeirFile> Find(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(TableFile.IsTable).Order(StringComparer.Ordinal)
            .Select(path => Of(folder, path)).OfType<BeirFile>(),
    ];

    // The part is said by a folder (corpus/test-00000-of-00001.parquet, qrels/test.tsv) or by the file (corpus.jsonl). A folder called
    // default holds the judgements where no other does.
    private static BeirFile? Of(string folder, string path)
    {
        string[] names = System.IO.Path.GetRelativePath(folder, path).Split(System.IO.Path.DirectorySeparatorChar);
        string stem = names[^1][..names[^1].IndexOf('.', StringComparison.Ordinal)];
        foreach (string name in names[..^1].Reverse())
        {
            if (PartName().Match(name) is { Success: true } part)
            {
                return new BeirFile(path, PartOf(part), SubsetOf(part), SplitOf(stem));
            }
        }

        return FileName().Match(stem) is { Success: true } match
            ? new BeirFile(path, PartOf(match), SubsetOf(match), match.Groups["split"].Success ? match.Groups["split"].Value : null)
            : null;
    }

    private static string PartOf(Match match) => match.Groups["part"].Value switch
    {
        "query" => "queries",
        "default" => "qrels",
        string part => part,
    };

    private static string SubsetOf(Match match) => match.Groups["subset"].Success ? match.Groups["subset"].Value : "default";

    private static string? SplitOf(string stem)
    {
        string split = Shard().Replace(stem, "");
        return split.Length == 0 || PartName().IsMatch(split) || split.All(char.IsAsciiDigit) ? null : split;
    }

    [GeneratedRegex("^(?:(?<subset>.+)-)?(?<part>corpus|queries|query|qrels|top_ranked|default)$")]
    private static partial Regex PartName();

    [GeneratedRegex("^(?:(?<subset>.+?)-)?(?<part>corpus|queries|qrels|top_ranked)(?:-(?<split>[A-Za-z_]+))?(?:-[0-9]+-of-[0-9]+(?:-[0-9a-f]+)?)?$")]
    private static partial Regex FileName();

    [GeneratedRegex("-[0-9]+-of-[0-9]+(?:-[0-9a-f]+)?$")]
    private static partial Regex Shard();
}
