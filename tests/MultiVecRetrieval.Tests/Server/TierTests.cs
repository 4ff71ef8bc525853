using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MultiVecRetrieval.Tests.Libraries.Tuning;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>Tiers, statistics and tuning over HTTP.</summary>
public sealed class TierTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RunningServer _server = null!;
    private string _space = "";

    public async ValueTask InitializeAsync()
    {
        using (Library library = new(new LibraryOptions { DataFolder = _folder }))
        {
            _space = FilledCollection.Write(library, "filled");
            FilledCollection.Write(library, "ordered", "order:by=rarity");
        }

        _server = await RunningServer.StartAsync(folder: _folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task PutTiers_BuildsInTheBackground_AndSearchesUseThem()
    {
        using HttpResponseMessage put =
            await _server.Client.PutAsJsonAsync($"/v1/collections/filled/spaces/{_space}/tiers", new { tiers = new[] { "int8" } });
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        JsonElement tier = await WaitForTierAsync();
        Assert.Equal("int8", tier.GetProperty("spec").GetString());
        Assert.True(tier.GetProperty("bytesPerEntry").GetDouble() > 0);

        JsonElement exact = await _server.GetJsonAsync("/v1/collections/filled/search?q=pressure+matrix&using=vectors&exact=true");
        JsonElement through = await _server.GetJsonAsync("/v1/collections/filled/search?q=pressure+matrix&using=vectors&tier=int8");
        Assert.Equal("exact", Assert.Single(exact.GetProperty("plans")[0].GetProperty("stages").EnumerateArray()).GetString());
        Assert.Equal(2, through.GetProperty("plans")[0].GetProperty("stages").GetArrayLength());
        Assert.False(through.GetProperty("plans")[0].GetProperty("isProven").GetBoolean());
        Assert.Equal(Keys(exact), Keys(through));
    }

    [Fact]
    public async Task PostTune_MeasuresAsAJob()
    {
        using HttpResponseMessage accepted =
            await _server.Client.PostAsJsonAsync("/v1/collections/filled/tune", new { tiers = new[] { "int8" } });
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        JsonElement started = await accepted.Content.ReadFromJsonAsync<JsonElement>();

        JsonElement job = await _server.WaitForJobAsync(started.GetProperty("id").GetString()!);

        Assert.Equal(("tune", "succeeded"), (job.GetProperty("kind").GetString(), job.GetProperty("state").GetString()));
        JsonElement tier = Assert.Single(job.GetProperty("tuning").GetProperty("tiers").EnumerateArray());
        Assert.Equal("int8", tier.GetProperty("tier").GetString());
        Assert.InRange(tier.GetProperty("recall").GetDouble(), 0.9, 1);
    }

    [Fact]
    public async Task Search_RowLimit_IsSaidInThePlan()
    {
        JsonElement get = await _server.GetJsonAsync("/v1/collections/ordered/search?q=pressure+matrix&using=vectors&rowLimit=2");
        using HttpResponseMessage post =
            await _server.Client.PostAsJsonAsync("/v1/collections/ordered/search",
            new { text = "pressure matrix", @using = "vectors", rowLimit = 2 });
        JsonElement all = await _server.GetJsonAsync("/v1/collections/ordered/search?q=pressure+matrix&using=vectors");

        Assert.Equal(2, get.GetProperty("plans")[0].GetProperty("rowLimit").GetInt32());
        Assert.Equal(Keys(get), Keys(await post.Content.ReadFromJsonAsync<JsonElement>()));
        Assert.Equal(JsonValueKind.Null, all.GetProperty("plans")[0].GetProperty("rowLimit").ValueKind);
    }

    [Fact]
    public async Task Search_NamedTiersWithBudgets_PassOnAsManyAsTheySay()
    {
        using HttpResponseMessage put =
            await _server.Client.PutAsJsonAsync($"/v1/collections/filled/spaces/{_space}/tiers",
            new { tiers = new[] { "int8", "float16" } });
        await WaitForTierAsync();
        const string path = "/v1/collections/filled/search";
        using MultipartFormDataContent fields = new()
        {
            { new StringContent("pressure matrix"), "text" }, { new StringContent("vectors"), "using" },
            { new StringContent("int8 > float16"), "tier" }, { new StringContent("60,20"), "budgets" },
        };

        JsonElement get = await _server.GetJsonAsync($"{path}?q=pressure+matrix&using=vectors&tier=int8+%3E+float16&budgets=60&budgets=20");
        using HttpResponseMessage post =
            await _server.Client.PostAsJsonAsync(path,
            new { text = "pressure matrix", @using = "vectors", tier = "int8 > float16", budgets = new[] { 60, 20 } });
        using HttpResponseMessage form = await _server.Client.PostAsync(path, fields);

        JsonElement plan = get.GetProperty("plans")[0];
        Assert.Equal(["int8", "float16", "exact"], plan.GetProperty("stages").EnumerateArray().Select(stage => stage.GetString()!));
        Assert.Equal([60, 20], plan.GetProperty("budgets").EnumerateArray().Select(budget => budget.GetInt32()));
        Assert.Equal(20, plan.GetProperty("exactCount").GetInt32());
        Assert.Equal(Keys(get), Keys(await post.Content.ReadFromJsonAsync<JsonElement>()));
        Assert.Equal(Keys(get), Keys(await form.Content.ReadFromJsonAsync<JsonElement>()));
    }

    [Theory]
    [InlineData("/v1/collections/filled/search?q=a&tier=int8", "tier")]
    [InlineData("/v1/collections/filled/search?q=a&tier=int8&exact=true", "tier")]
    [InlineData("/v1/collections/filled/search?q=a&tier=int8&recall=0.9", "tier")]
    [InlineData("/v1/collections/filled/search?q=a&tier=int8&using=text", "tier")]
    [InlineData("/v1/collections/filled/search?q=a&tier=int8&budgets=0", "budgets")]
    [InlineData("/v1/collections/filled/search?q=a&tier=int8&budgets=5&budgets=3", "budgets")]
    [InlineData("/v1/collections/filled/search?q=a&tier=int8%3Eint8&budgets=3&budgets=5", "budgets")]
    [InlineData("/v1/collections/filled/search?q=a&budgets=5", "budgets")]
    [InlineData("/v1/collections/filled/search?q=a&rowLimit=16", "rowLimit")]
    [InlineData("/v1/collections/ordered/search?q=a&rowLimit=0", "rowLimit")]
    [InlineData("/v1/collections/filled/search?q=a&recall=2", "recall")]
    [InlineData("/v1/collections/filled/search?q=a&exact=true&recall=0.9", "recall")]
    public async Task Search_WishesThatCannotBe_AreRefusedByName(string path, string parameter)
    {
        using HttpResponseMessage response = await _server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(parameter, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("parameter").GetString());
    }

    [Theory]
    [InlineData("PUT", "spaces/{space}/tiers", "bits:99", "from 1 to 8")]
    [InlineData("PUT", "spaces/{space}/tiers", "hnsw:1", "from 2 to 128")]
    [InlineData("POST", "tune", "ward:0/int8", "no number from 1")]
    public async Task WrongTier_IsRefusedAtOnceWithTheParameter(string method, string path, string spec, string expected)
    {
        using HttpRequestMessage request =
            new(new HttpMethod(method), $"/v1/collections/filled/{path.Replace("{space}", _space, StringComparison.Ordinal)}")
            {
                Content = JsonContent.Create(new { tiers = new[] { "int8", spec } }),
            };

        using HttpResponseMessage response = await _server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("tiers", problem.GetProperty("parameter").GetString());
        Assert.Contains($"'{spec}'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains(expected, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        JsonElement statistics = await _server.GetJsonAsync("/v1/collections/filled/stats");
        Assert.Empty(statistics.GetProperty("spaces")[0].GetProperty("tiers").EnumerateArray());
    }

    [Fact]
    public async Task PutTiers_Automatic_TakesBackWhatWasChosen()
    {
        string path = $"/v1/collections/filled/spaces/{_space}/tiers";
        using HttpResponseMessage none = await _server.Client.PutAsJsonAsync(path, new { tiers = Array.Empty<string>() });
        using HttpResponseMessage automatic = await _server.Client.PutAsJsonAsync(path, new { automatic = true });
        using HttpResponseMessage both = await _server.Client.PutAsJsonAsync(path, new { automatic = true, tiers = new[] { "int8" } });
        using HttpResponseMessage neither = await _server.Client.PutAsJsonAsync(path, new { });

        Assert.True((await none.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("areTiersChosen").GetBoolean());
        Assert.False((await automatic.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("areTiersChosen").GetBoolean());
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (both.StatusCode, neither.StatusCode));
    }

    [Fact]
    public async Task PutTiers_RowFormatAlone_RewritesRowsAndLeavesTheTiers()
    {
        string path = $"/v1/collections/filled/spaces/{_space}/tiers";
        using HttpResponseMessage put = await _server.Client.PutAsJsonAsync(path, new { rowFormat = "int8" });
        using HttpResponseMessage wrong = await _server.Client.PutAsJsonAsync(path, new { rowFormat = "int4" });

        JsonElement space = await put.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.OK, "int8", false),
            (put.StatusCode, space.GetProperty("rowFormat").GetString(), space.GetProperty("areTiersChosen").GetBoolean()));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        string detail = (await wrong.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!;
        Assert.Contains("$.rowFormat", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PutTiers_UnknownCodecOrSpace_IsRefused()
    {
        using HttpResponseMessage codec =
            await _server.Client.PutAsJsonAsync($"/v1/collections/filled/spaces/{_space}/tiers", new { tiers = new[] { "nonsense" } });
        using HttpResponseMessage space =
            await _server.Client.PutAsJsonAsync("/v1/collections/filled/spaces/other/tiers", new { tiers = new[] { "int8" } });

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (codec.StatusCode, space.StatusCode));
    }

    private async Task<JsonElement> WaitForTierAsync()
    {
        for (int i = 0; i < 600; i++)
        {
            JsonElement statistics = await _server.GetJsonAsync("/v1/collections/filled/stats");
            JsonElement[] tiers = [.. statistics.GetProperty("spaces")[0].GetProperty("tiers").EnumerateArray()];
            Assert.NotEmpty(tiers);
            if (tiers.All(tier => tier.GetProperty("calibration").ValueKind != JsonValueKind.Null))
            {
                return tiers[0];
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("The tier was not built within a minute.");
    }

    private static string[] Keys(JsonElement result)
        => [.. result.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("key").GetString()!)];
}
