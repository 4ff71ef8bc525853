using System.Text.Json;
using MultiVecRetrieval.Server;
using MultiVecRetrieval.Tests.Clients;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>The official client of Qdrant in JavaScript runs its usual flow, unchanged.</summary>
public sealed class QdrantClientTests
{
    private const string Key = "0123456789abcdef";

    [Fact]
    public async Task ClientOfQdrant_RunsItsUsualFlow()
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { ApiKey = Key });

        JsonElement got = JsonSerializer.Deserialize<JsonElement>(await NodeClient.RunTextAsync("qdrant.mjs", server.Address, Key));

        Assert.True(got.GetProperty("exists").GetBoolean());
        Assert.Equal(4, got.GetProperty("info").GetProperty("config").GetProperty("params").GetProperty("vectors").GetProperty("size").GetInt32());
        Assert.Equal([4, 1, 3], Ids(got.GetProperty("search")));

        // Dot products of the vectors of the script.
        Assert.All(new[] { 1.362, 1.273, 1.208 }.Zip(got.GetProperty("search").EnumerateArray()),
            pair => Assert.Equal(pair.First, pair.Second.GetProperty("score").GetDouble(), tolerance: 1e-6));
        Assert.Equal("""{"city":["London","Moscow"]}""", got.GetProperty("query")[0].GetProperty("payload").GetRawText());
        Assert.Equal(4, got.GetProperty("query")[0].GetProperty("vector").GetArrayLength());
        Assert.Equal([4, 2], got.GetProperty("filtered").Deserialize<int[]>()!);
        Assert.Equal([3, 4], got.GetProperty("like").Deserialize<int[]>()!);

        // First in one list and third in the other: 1 / 2 + 1 / 4.
        Assert.Equal(3, got.GetProperty("fused")[0].GetProperty("id").GetInt32());
        Assert.Equal(0.75, got.GetProperty("fused")[0].GetProperty("score").GetDouble(), tolerance: 1e-9);
        Assert.Equal(["London", "Moscow", "Berlin"], got.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("id").GetString()));
        Assert.Equal("[[3],[2]]", got.GetProperty("batch").GetRawText());
        Assert.Equal("""[{"value":"Berlin","count":3},{"value":"London","count":2},{"value":"Moscow","count":2}]""",
            got.GetProperty("facet").GetRawText());
        Assert.Equal("""{"city":"Berlin","seen":true}""", got.GetProperty("retrieved")[0].GetProperty("payload").GetRawText());
        Assert.Equal(4, got.GetProperty("scrolled").GetProperty("points").GetArrayLength());
        Assert.Equal(6, got.GetProperty("scrolled").GetProperty("next_page_offset").GetInt32());
        Assert.Equal(4, got.GetProperty("count").GetInt32());

        // max(1/3, 0) + max(2/3, 1) and max(1, ...) + 0.
        Assert.Equal([1, 2], Ids(got.GetProperty("multi")));
        Assert.Equal(4.0 / 3, got.GetProperty("multi")[0].GetProperty("score").GetDouble(), tolerance: 1e-6);
        Assert.Equal("[0.6,0.8]", got.GetProperty("multi")[0].GetProperty("vector").GetProperty("Dense 1").GetRawText());
        Assert.Equal([400, 409, 404], got.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("status").GetInt32()));
        Assert.Contains("Dense 1", got.GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, got.GetProperty("left").GetInt32());
        Assert.Empty(got.GetProperty("warnings").EnumerateArray());
    }

    private static int[] Ids(JsonElement points) => [.. points.EnumerateArray().Select(point => point.GetProperty("id").GetInt32())];
}
