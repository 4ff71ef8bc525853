using System.Text.Json;
using MultiVecRetrieval.Tests.Encoding.Hub;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Cli;

public sealed class ModelsPullTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pull_ModelOfAHub_IsThenListed()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        await using HubServer server = await HubServer.StartAsync(planted.Folder);
        string data = _folder.PathOf("indexes");

        ToolResult pulled = Tool.RunWith(
            "HF_ENDPOINT", server.Address.ToString(), "models", "pull", HubServer.Repository, "--name", "mine", "--data", data, "--json");
        ToolResult listed = Tool.Run("models", "--data", data, "--json");

        Assert.True(pulled.ExitCode == 0, pulled.Error);
        Assert.Equal(_folder.PathOf("models/mine"), pulled.Json.GetProperty("folder").GetString());
        Assert.Equal(HubServer.Commit, pulled.Json.GetProperty("commit").GetString());
        Assert.Contains(listed.Json.GetProperty("models").EnumerateArray(), model => model.GetProperty("name").GetString() == "mine");
        Assert.Contains(
            listed.Json.GetProperty("catalog").EnumerateArray(),
            (JsonElement model) => model.GetProperty("licence").GetString() == "Apache-2.0");
    }

    [Fact]
    public async Task Pull_RepositoryThatIsNotThere_IsNotFound()
    {
        using PlantedEncoder planted = PlantedEncoder.CreateSplit();
        await using HubServer server = await HubServer.StartAsync(planted.Folder);

        ToolResult result = Tool.RunWith("HF_ENDPOINT", server.Address.ToString(), "models", "pull", "nobody/nothing", "--into", _folder);

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("nobody/nothing", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Pull_UnknownName_NamesTheCatalogue()
    {
        ToolResult result = Tool.Run("models", "pull", "clipp", "--into", _folder);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("clip-b32", result.Error, StringComparison.Ordinal);
    }
}
