using System.Net;
using System.Text.Json;
using MultiVecRetrieval.Server;
using MultiVecRetrieval.Tests.Ingestion;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>The reports over HTTP: what they answer, and what they refuse.</summary>
public sealed class ReportRoutesTests : IAsyncLifetime
{
    private const string Reports = $"/v1/collections/{SampleLibrary.Collection}/reports";

    private readonly SampleLibrary _sample = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _sample.Write("large.png", SampleLibrary.Png(SampleLibrary.Blocks(256, 192, seed: 1)));
        _sample.Write("small.png", SampleLibrary.Png(SampleLibrary.Blocks(128, 96, seed: 1)));
        File.Copy(_sample.PathOf("small.png"), _sample.PathOf("small copy.png"));
        _sample.Index();
        _server = await RunningServer.StartAsync(new ServerOptions { MaxTop = 50 }, _sample.Options.DataFolder);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _sample.Dispose();
    }

    [Fact]
    public async Task Duplicates_Groups_SayWhichToKeepAndWhy()
    {
        JsonElement report = await _server.GetJsonAsync($"{Reports}/duplicates");
        JsonElement exact = await _server.GetJsonAsync($"{Reports}/duplicates?exactOnly=true");

        Assert.Equal(("small.png", "small copy.png"),
            (report.GetProperty("exact")[0].GetProperty("keep").GetProperty("key").GetString(),
            report.GetProperty("exact")[0].GetProperty("others")[0].GetProperty("key").GetString()));
        JsonElement near = Assert.Single(report.GetProperty("near").EnumerateArray());
        Assert.Equal(("large.png", "resolution"),
            (near.GetProperty("keep").GetProperty("key").GetString(), near.GetProperty("reason").GetString()));
        Assert.Equal(0, exact.GetProperty("near").GetArrayLength());
    }

    [Fact]
    public async Task AlignmentAndDrift_Answer()
    {
        JsonElement alignment = await _server.GetJsonAsync($"{Reports}/alignment");
        JsonElement drift = await _server.GetJsonAsync($"{Reports}/drift?sample=2");

        Assert.Equal(0, alignment.GetProperty("pictureCount").GetInt32());
        Assert.NotEqual(0, alignment.GetProperty("notices").GetArrayLength());
        Assert.Equal(2, drift.GetProperty("pictureCount").GetInt32());
    }

    [Theory]
    [InlineData("duplicates?limit=51", "limit")]
    [InlineData("duplicates?similarity=2", "similarity")]
    [InlineData("duplicates?exact=true", "exact")]
    [InlineData("alignment?filter=page+>", "filter")]
    [InlineData("drift?sample=0", "sample")]
    [InlineData("segments?key=large.png", "other")]
    [InlineData("segments?key=large.png&other=small.png", "key")]
    public async Task Reports_WrongParameters_AreNamed(string route, string parameter)
    {
        HttpResponseMessage answer = await _server.Client.GetAsync($"{Reports}/{route}", TestContext.Current.CancellationToken);

        JsonElement problem = await Problems.AssertAsync(answer, HttpStatusCode.BadRequest, route.Contains("limit", StringComparison.Ordinal)
            ? "over-limit"
            : "invalid-request");
        Assert.Equal(parameter, problem.GetProperty("parameter").GetString());
    }

    [Fact]
    public async Task Segments_UnknownVideo_IsNotFound() => await Problems.AssertAsync(
        await _server.Client.GetAsync($"{Reports}/segments?key=none&other=small.png", TestContext.Current.CancellationToken),
        HttpStatusCode.NotFound, "unknown-entry");
}
