using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Hub;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Encoding.Hub;

public sealed class ModelHubTests : HubTest
{
    [Fact]
    public async Task Pull_Repository_FetchesWhatAFolderReadsAndNothingElse()
    {
        PulledModel pulled = await PullAsync();

        Assert.Equal(
            ["README.md", "config.json", "onnx/text_model.onnx", "onnx/vision_model.onnx", "preprocessor_config.json", "tokenizer.json",
                "tokenizer_config.json"],
            pulled.Files.Order(StringComparer.Ordinal));
        Assert.Equal(
            pulled.Files.Append("pulled.json").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(pulled.Folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(pulled.Folder, path)).Order(StringComparer.Ordinal));
        Assert.Equal(EncoderModel.Inspect(Original.Folder).SpaceId, pulled.Contract!.SpaceId);
        Assert.Equal(Folder.PathOf("planted"), pulled.Folder);
        Assert.Equal([pulled.Folder], Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public async Task Pull_Variant_FetchesItsGraphs()
    {
        PulledModel pulled = await PullAsync(graph: "fp16");

        Assert.Equal(
            ["onnx/text_model_fp16.onnx", "onnx/vision_model_fp16.onnx"],
            pulled.Files.Where(HubServer.IsLarge).Order(StringComparer.Ordinal));
        Assert.NotNull(pulled.Contract);
    }

    [Fact]
    public async Task Pull_VariantThatOneSideLacks_SaysWhichThereAre()
    {
        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync(graph: "q4"));

        Assert.Contains("q4", error.Message, StringComparison.Ordinal);
        Assert.Contains("onnx/text_model_fp16.onnx", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => PullAsync(graph: "fp17"));
    }

    [Fact]
    public async Task Pull_WeightsThatAGraphNames_AreFetchedWhateverTheirName()
    {
        Server.Files["onnx/vision_model.onnx"] = WithExternalWeights("weights-of-vision.bin");
        Server.Files["onnx/weights-of-vision.bin"] = new byte[16];

        PulledModel pulled = await PullAsync();

        Assert.Contains("onnx/weights-of-vision.bin", pulled.Files);
    }

    [Fact]
    public async Task Pull_WeightsOutsideTheFolder_AreRefused()
    {
        Server.Files["onnx/vision_model.onnx"] = WithExternalWeights("../../weights.bin");

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Contains("../weights.bin", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder.PathOf("planted")));
    }

    [Fact]
    public async Task Pull_ConnectionCutAgainAndAgain_GoesOnWhereItWasCut()
    {
        byte[] graph = Server.Files["onnx/vision_model.onnx"];
        Server.CutAfter = file => file == "onnx/vision_model.onnx" ? graph.Length / 10 : null;

        await PullAsync();

        int[] starts = [.. Server.StoreRequests.Where(request => request.Path.EndsWith("/vision_model.onnx", StringComparison.Ordinal))
            .Select(request => request.Range.Length == 0
                ? 0 : int.Parse(request.Range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture))];
        Assert.True(starts.Length > Server.Options().Retries);
        Assert.Equal(0, starts[0]);
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.InRange(pair.Second, pair.First + 1, pair.First + (graph.Length / 10)));
    }

    [Fact]
    public async Task Pull_ConnectionCutWithoutAByte_IsAnErrorAfterTheRetries()
    {
        Server.CutAfter = file => HubServer.IsLarge(file) ? 0 : null;

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Contains("what came is kept", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1 + Server.Options().Retries, Server.StoreRequests.Count);
    }

    [Fact]
    public async Task Pull_ServerWithoutRanges_BeginsAnew()
    {
        bool wasCut = false;
        Server.IgnoresRanges = true;
        Server.CutAfter = file => HubServer.IsLarge(file) && !wasCut && (wasCut = true) ? 100 : null;

        PulledModel pulled = await PullAsync();

        Assert.NotNull(pulled.Contract);
        Assert.Contains(Server.StoreRequests, request => request.Range == "bytes=100-");
    }

    [Fact]
    public async Task Pull_Cancelled_KeepsWhatCameAndGoesOnThere()
    {
        using CancellationTokenSource cancelling = new();
        Server.Intercept = async context =>
        {
            if (context.Request.Path != "/store/onnx/vision_model.onnx" || cancelling.IsCancellationRequested)
            {
                return false;
            }

            context.Response.ContentLength = Server.Files["onnx/vision_model.onnx"].Length;
            await context.Response.Body.WriteAsync(Server.Files["onnx/vision_model.onnx"].AsMemory(0, 50));
            await context.Response.Body.FlushAsync();
            await Task.Delay(200);
            await cancelling.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PullAsync(cancellationToken: cancelling.Token));
        Assert.False(Directory.Exists(Folder.PathOf("planted")));
        int before = Server.HubRequests.Count(request => request.Path.EndsWith("/config.json", StringComparison.Ordinal));

        PulledModel pulled = await PullAsync();

        Assert.NotNull(pulled.Contract);
        Assert.Contains(Server.StoreRequests, request => request.Range == "bytes=50-");
        Assert.Equal(before, Server.HubRequests.Count(request => request.Path.EndsWith("/config.json", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("onnx/vision_model.onnx", "SHA-256")]
    [InlineData("config.json", "git SHA-1")]
    public async Task Pull_BytesOfAnotherChecksum_AreDeletedAndNamed(string file, string kind)
    {
        byte[] right = Server.Files[file];
        Server.Intercept = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/" + file, StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/api")
                || (HubServer.IsLarge(file) && !context.Request.Path.StartsWithSegments("/store")))
            {
                return false;
            }

            byte[] wrong = [.. right];
            wrong[^1] ^= 1;
            await context.Response.Body.WriteAsync(wrong);
            return true;
        };

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(kind, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder.PathOf("planted")));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories),
            path => path.EndsWith(file + ".part", StringComparison.Ordinal) || path.EndsWith("/" + file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pull_MoreBytesThanListed_IsRefused()
    {
        Server.Intercept = async context =>
        {
            bool isGraph = context.Request.Path == "/store/onnx/text_model.onnx";
            if (isGraph)
            {
                await context.Response.Body.WriteAsync(new byte[Server.Files["onnx/text_model.onnx"].Length + 1]);
            }

            return isGraph;
        };

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Contains("more than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_WithAToken_SendsItToTheHubAndNotWhereItRedirectsTo()
    {
        await new ModelHub(Server.Options(token: "secret")).PullAsync(Request(), cancellationToken: default);

        Assert.All(Server.HubRequests, request => Assert.Equal("Bearer secret", request.Authorization));
        Assert.NotEmpty(Server.StoreRequests);
        Assert.All(Server.StoreRequests, request => Assert.Equal("", request.Authorization));
    }

    [Theory]
    [InlineData(401, null, "HF_TOKEN")]
    [InlineData(401, "secret", "does not accept the token")]
    [InlineData(403, "secret", "gated")]
    [InlineData(404, null, "there is no /api/models/someone/planted/revision/main")]
    public async Task Pull_Refused_SaysWhatHelps(int status, string? token, string expected)
    {
        Server.Intercept = async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("Invalid username\nor password.");
            return true;
        };

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(
            () => new ModelHub(Server.Options(token)).PullAsync(Request()));

        Assert.Equal((HttpStatusCode)status, error.Status);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("Invalid username or password.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Single(Server.HubRequests);
    }

    [Fact]
    public async Task Pull_TooManyRequests_WaitsAsLongAsAsked()
    {
        int refused = 0;
        Server.Intercept = context =>
        {
            if (context.Request.Path.StartsWithSegments("/store") && refused++ == 0)
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "1";
                return Task.FromResult(true);
            }

            return Task.FromResult(false);
        };
        long start = Stopwatch.GetTimestamp();

        await PullAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(0.99), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Pull_AskedToWaitForHours_IsAnErrorAtOnce()
    {
        Server.Intercept = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "7200";
            return Task.FromResult(true);
        };

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Equal(HttpStatusCode.TooManyRequests, error.Status);
        Assert.Contains("7200 s", error.Message, StringComparison.Ordinal);
        Assert.Single(Server.HubRequests);
    }

    [Fact]
    public async Task Pull_ServerThatFallsSilent_IsAnError()
    {
        Server.Intercept = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        ModelHub hub = new(new ModelHubOptions
        {
            Endpoint = Server.Address,
            Retries = 0,
            StallTimeout = TimeSpan.FromMilliseconds(50),
        });

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => hub.PullAsync(Request()));

        Assert.Contains("nothing came", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../config.json")]
    [InlineData("onnx/../../config.json")]
    [InlineData("/etc/config.json")]
    [InlineData("onnx//model.onnx")]
    [InlineData("C:config.json")]
    [InlineData("..\\config.json")]
    [InlineData("a\nb")]
    public async Task Pull_ListWithAPathThatLeavesTheFolder_IsRefused(string path)
    {
        Server.Files[path] = [1, 2, 3];

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Contains("not plain", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Theory]
    [InlineData("no-such-name")]
    [InlineData("../planted")]
    [InlineData("a/b/c")]
    [InlineData("someone/planted@../main")]
    [InlineData("someone/planted@")]
    public async Task Pull_NoModel_IsAnError(string model) =>
        await Assert.ThrowsAsync<ArgumentException>(() => new ModelHub(Server.Options()).PullAsync(Request() with { Model = model }));

    [Fact]
    public async Task Pull_Again_DoesNothing()
    {
        await PullAsync();
        int requests = Server.HubRequests.Count;

        PulledModel again = await PullAsync();

        Assert.True(again.WasThere);
        Assert.NotNull(again.Contract);
        Assert.Equal(requests + 1, Server.HubRequests.Count);
    }

    [Fact]
    public async Task Pull_IntoAFolderThatHoldsSomethingElse_IsRefused()
    {
        await PullAsync();

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync(graph: "fp16"));

        Assert.Contains("--name", error.Message, StringComparison.Ordinal);
        Assert.NotNull((await PullAsync(graph: "fp16", name: "planted-fp16")).Contract);
    }

    [Fact]
    public async Task Pull_WithoutGraphs_SaysSo()
    {
        foreach (string graph in Server.Files.Keys.Where(HubServer.IsLarge).ToList())
        {
            Server.Files.Remove(graph);
        }

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Contains("no ONNX graph", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_FolderThatCannotBeUsed_IsThereWithTheReason()
    {
        Server.Files.Remove("tokenizer.json");

        PulledModel pulled = await PullAsync();

        Assert.Null(pulled.Contract);
        Assert.Contains("tokenizer", pulled.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_Progress_EndsWithAllBytes()
    {
        List<ModelPullProgress> seen = [];

        PulledModel pulled = await new ModelHub(Server.Options()).PullAsync(Request(), new Immediate(seen.Add));

        long total = pulled.Files.Sum(file => (long)Server.Files[file].Length);
        Assert.Equal(total, seen[^1].BytesDone);
        Assert.Equal(total, seen[^1].BytesTotal);
        Assert.Equal(pulled.Files.Count, seen[^1].FilesDone);
        Assert.Equal(seen.Select(step => step.BytesDone).Order(), seen.Select(step => step.BytesDone));
    }

    private static byte[] WithExternalWeights(string file)
    {
        using TemporaryFolder folder = new();
        new OnnxWriter().Input("pixel_values", OnnxWriter.Float, 1, 3, PlantedEncoder.Side, PlantedEncoder.Side)
            .External("weights", file, 4)
            .Node("Identity", "weights", "image_embeds")
            .Output("image_embeds", OnnxWriter.Float, 1, 4)
            .Save(folder.PathOf("graph.onnx"));
        return File.ReadAllBytes(folder.PathOf("graph.onnx"));
    }

    private sealed class Immediate(Action<ModelPullProgress> report) : IProgress<ModelPullProgress>
    {
        public void Report(ModelPullProgress value) => report(value);
    }
}
