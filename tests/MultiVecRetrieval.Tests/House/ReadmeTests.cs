using System.Runtime.CompilerServices;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.House;

/// <summary>Alone: the example's paths are relative, so the test changes the current folder of the process.</summary>
[Collection(nameof(ReadmeTests))]
[CollectionDefinition(nameof(ReadmeTests), DisableParallelization = true)]
public class ReadmeTests
{
    [Fact]
    public void Example_InTheReadme_IsTheOneThatRuns()
    {
        string[] shown =
            [.. Between(File.ReadLines(Path.Combine(Root(), "README.md")), "```csharp", "```")
            .Where(line => !line.StartsWith("using MultiVecRetrieval", StringComparison.Ordinal))];
        string[] tested =
            Between(File.ReadLines(Path.Combine(Root(), "tests/MultiVecRetrieval.Tests/House/ReadmeExample.cs")), "// README begins",
            "// README ends");

        Assert.Equal(tested, shown);
        Assert.NotEmpty(tested);
    }

    [Fact]
    public async Task Example_Run_FindsThePage()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(Path.Combine(folder.FullName, "manuals"));
        string manual = Path.Combine(folder.FullName, "manuals", "press.pdf");
        File.WriteAllBytes(manual, SampleLibrary.Pdf("contents", "pump pressure 250 bar"));
        File.SetLastWriteTimeUtc(manual, DateTime.UtcNow.AddMinutes(-1));
        string before = Environment.CurrentDirectory;
        StringWriter output = new();

        Environment.CurrentDirectory = folder.FullName;
        try
        {
            await ReadmeExample.RunAsync(output);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }

        Assert.StartsWith("1 files, 2 entries, 0 failed", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("1. press.pdf#page=2", output.ToString(), StringComparison.Ordinal);
    }

    private static string[] Between(IEnumerable<string> lines, string first, string last) =>
        [.. lines.Select(line => line.Trim()).SkipWhile(line => line != first).Skip(1).TakeWhile(line => line != last)
            .Where(line => line.Length > 0)];

    private static string Root([CallerFilePath] string path = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
