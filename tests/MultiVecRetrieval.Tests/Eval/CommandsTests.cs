using System.Diagnostics;

namespace MultiVecRetrieval.Tests.Eval;

public class CommandsTests
{
    [Fact]
    public void Help_Root_ListsEveryCommandThatWasWritten()
    {
        string[] written = [.. typeof(MultiVecRetrieval.Eval.Commands.ThroughputCommand).Assembly.GetTypes()
            .Where(type => type.Namespace == "MultiVecRetrieval.Eval.Commands" && type.Name.EndsWith("Command", StringComparison.Ordinal))
            .Select(type => type.Name[..^"Command".Length])];
        ProcessStartInfo start =
            new("dotnet", [Path.Combine(AppContext.BaseDirectory, "mvr-eval.dll"), "--help"]) { RedirectStandardOutput = true };

        using Process process = Process.Start(start)!;
        string help = process.StandardOutput.ReadToEnd().Replace("-", "", StringComparison.Ordinal);

        Assert.NotEmpty(written);
        Assert.All(written, name => Assert.Contains($"  {name} ", help, StringComparison.OrdinalIgnoreCase));
    }
}
