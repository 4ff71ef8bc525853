using System.Globalization;

namespace MultiVecRetrieval.Tests.House;

public sealed class LineLengthTests
{
    [Fact]
    public void SourceLines_StayWithinTheLimitOfEditorConfig()
    {
        int limit = GetLimit();

        string[] tooLong = [.. SourceFiles.All.SelectMany(path => FindTooLong(path, limit))];

        Assert.Empty(tooLong);
    }

    // Text is not cut in two for the sake of its length: a line with a literal, or within a raw one, may be longer.
    private static IEnumerable<string> FindTooLong(string path, int limit)
    {
        bool isInRawLiteral = false;
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            isInRawLiteral ^= line.AsSpan().Count("\"\"\"") % 2 == 1;
            if (line.Length > limit && !isInRawLiteral && !line.Contains('"', StringComparison.Ordinal))
            {
                yield return $"{Path.GetRelativePath(RepositoryRoot.Folder, path)}:{number}";
            }
        }
    }

    private static int GetLimit()
    {
        const string Setting = "max_line_length = ";
        string line = File.ReadLines(Path.Combine(RepositoryRoot.Folder, ".editorconfig"))
            .Single(line => line.StartsWith(Setting, StringComparison.Ordinal));
        return int.Parse(line[Setting.Length..], CultureInfo.InvariantCulture);
    }
}
