using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MultiVecRetrieval.Tests.House;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>Alone, with the README's: an example's paths are relative, so a test changes the current folder of the process.</summary>
[Collection(nameof(ReadmeTests))]
public sealed class DotNetPageTests
{
    [Fact]
    public void Examples_OfThePage_AreThoseThatRun()
    {
        string[] page = [.. File.ReadLines(Path.Combine(RepositoryRoot.Folder, "docs/dotnet.md")).Select(line => line.Trim())];
        string[] code = [.. File.ReadLines(
            Path.Combine(RepositoryRoot.Folder, "tests/MultiVecRetrieval.Tests/VectorData/DotNetExample.cs")).Select(line => line.Trim())];
        List<string> shown = [];
        for (int line = 0; line < page.Length; line++)
        {
            if (page[line] != "```csharp")
            {
                continue;
            }

            string[] snippet = [.. page.Skip(line + 1).TakeWhile(text => text != "```")];
            shown.Add(string.Join("\n", snippet));
        }

        string[] tested = [.. new[] { "record", "store", "embeddings", "services", "agent" }.Select(name => string.Join(
            "\n", code.SkipWhile(text => text != $"// {name} begins").Skip(1).TakeWhile(text => text != $"// {name} ends")))];
        Assert.Equal(tested, shown);
        Assert.All(tested, Assert.NotEmpty);
    }

    [Fact]
    public async Task StoreExample_Run_FindsThePage()
    {
        using TemporaryFolder folder = new();
        float[][] rows = [.. new[] { 3, 9 }.Select(place => Enumerable.Range(0, 128).Select(i => i == place ? 2f : 0).ToArray())];
        DotNetExample.Page page = new() { Id = "press#2", Text = "The pressure is 250 bar.", Tags = ["manual"], Rows = rows };
        StringWriter output = new();
        string before = Environment.CurrentDirectory;

        Environment.CurrentDirectory = folder;
        try
        {
            await DotNetExample.StoreAsync(page, rows, output);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }

        // MaxSim of two vectors with themselves.
        Assert.Equal($"press#2 2.00{output.NewLine}{page.Text}{output.NewLine}", output.ToString());
    }

    [Fact]
    public async Task ServicesExample_OfAContainer_GivesStoreCollectionAndHealth()
    {
        using TemporaryFolder folder = new();
        ServiceCollection services = new();
        services.AddLogging();
        DotNetExample.AddServices(services, new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["MultiVecRetrieval:DataFolder"] = folder.FullName }).Build());
        using ServiceProvider provider = services.BuildServiceProvider();

        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal(["multivecretrieval"], report.Entries.Keys);
        Assert.Equal(folder.FullName, provider.GetRequiredService<Library>().Options.DataFolder);
    }
}
