using System.Text.Json;

namespace MultiVecRetrieval.Tests.Server;

public class OpenApiTests
{
    [Fact]
    public async Task Document_DescribesEveryOperation_AndEqualsTheCommittedCopy()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        string text = await server.Client.GetStringAsync("/openapi/v1.json");

        JsonElement document = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        List<string> ids = [];
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                Assert.False(string.IsNullOrWhiteSpace(operation.Value.GetProperty("summary").GetString()), path.Name);
                ids.Add(operation.Value.GetProperty("operationId").GetString()!);
            }
        }

        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.True(ids.Count >= 20, $"{ids.Count} operations");
        string committed = Path.Combine(RepositoryRoot.Folder, "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable("MVR_UPDATE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(committed, text);
        }

        Assert.True(text.Trim() == (await File.ReadAllTextAsync(committed)).Trim(),
            "docs/openapi.json differs; run this test with MVR_UPDATE_OPENAPI=1 and look at the change.");
    }
}
