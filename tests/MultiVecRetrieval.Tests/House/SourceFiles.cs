namespace MultiVecRetrieval.Tests.House;

/// <summary>The C# files of the repository, without what builds and packages put there.</summary>
internal static class SourceFiles
{
    private static readonly string[] Skipped = ["bin", "obj", "node_modules"];

    public static IReadOnlyList<string> All { get; } =
        [.. new[] { "src", "tools", "tests", "eval", "samples" }.SelectMany(folder => Walk(Path.Combine(RepositoryRoot.Folder, folder)))];

    public static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs").Concat(
            Directory.EnumerateDirectories(folder).Where(inner => !Skipped.Contains(Path.GetFileName(inner))).SelectMany(Walk));
}
