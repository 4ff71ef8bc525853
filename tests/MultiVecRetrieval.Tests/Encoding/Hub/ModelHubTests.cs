using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Encoding.Hub;
using MultiVecRetrieval.Tests.Encoding.Models;

namespace MultiVecRetrieval.Tests.Encoding.Hub;

public sealed class ModelHubTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly PlantedEncoder _original = PlantedEncoder.CreateSplit();
    private HubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        File.Copy(_original.PathOf("onnx/vision_model.onnx"), _original.PathOf("onnx/vision_model_fp16.onnx"));
        File.Copy(_original.PathOf("onnx/text_model.onnx"), _original.PathOf("onnx/text_model_fp16.onnx"));
        File.Copy(_original.PathOf("onnx/vision_model.onnx"), _original.PathOf("onnx/vision_model_q4.onnx"));
        _original.Write("pytorch_model.bin", "not wanted");
        _original.Write("README.md", "a card");
        _server = await HubServer.StartAsync(_original.Folder);
        _server.Files["remote.json"] = "{}"u8.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _original.Dispose();
        _folder.Dispose();
    }

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
        Assert.Equal(EncoderModel.Inspect(_original.Folder).SpaceId, pulled.Contract!.SpaceId);
        Assert.Equal(_folder.PathOf("planted"), pulled.Folder);
        Assert.Equal([pulled.Folder], Directory.EnumerateFileSystemEntries(_folder));
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
        _server.Files["onnx/vision_model.onnx"] = WithExternalWeights("weights-of-vision.bin");
        _server.Files["onnx/weights-of-vision.bin"] = new byte[16];

        PulledModel pulled = await PullAsync();

        Assert.Contains("onnx/weights-of-vision.bin", pulled.Files);
    }

    [Fact]
    public async Task Pull_WeightsOutsideTheFolder_AreRefused()
    {
        _server.Files["onnx/vision_model.onnx"] = WithExternalWeights("../../weights.bin");

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Contains("../weights.bin", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.PathOf("planted")));
    }

    [Fact]
    public async Task Pull_ConnectionCutAgainAndAgain_GoesOnWhereItWasCut()
    {
        byte[] graph = _server.Files["onnx/vision_model.onnx"];
        _server.CutAfter = file => file == "onnx/vision_model.onnx" ? graph.Length / 10 : null;

        await PullAsync();

        int[] starts = [.. _server.StoreRequests.Where(request => request.Path.EndsWith("/vision_model.onnx", StringComparison.Ordinal))
            .Select(request => request.Range.Length == 0
                ? 0 : int.Parse(request.Range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture))];
        Assert.True(starts.Length > _server.Options().Retries);
        Assert.Equal(0, starts[0]);
        Assert.All(starts.Zip(starts.Skip(1)), pair => Assert.InRange(pair.Second, pair.First + 1, pair.First + (graph.Length / 10)));
    }

    [Fact]
    public async Task Pull_ConnectionCutWithoutAByte_IsAnErrorAfterTheRetries()
    {
        _server.CutAfter = file => HubServer.IsLarge(file) ? 0 : null;

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Contains("what came is kept", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1 + _server.Options().Retries, _server.StoreRequests.Count);
    }

    [Fact]
    public async Task Pull_ServerWithoutRanges_BeginsAnew()
    {
        bool wasCut = false;
        _server.IgnoresRanges = true;
        _server.CutAfter = file => HubServer.IsLarge(file) && !wasCut && (wasCut = true) ? 100 : null;

        PulledModel pulled = await PullAsync();

        Assert.NotNull(pulled.Contract);
        Assert.Contains(_server.StoreRequests, request => request.Range == "bytes=100-");
    }

    [Fact]
    public async Task Pull_Cancelled_KeepsWhatCameAndGoesOnThere()
    {
        using CancellationTokenSource cancelling = new();
        _server.Intercept = async context =>
        {
            if (context.Request.Path != "/store/onnx/vision_model.onnx" || cancelling.IsCancellationRequested)
            {
                return false;
            }

            context.Response.ContentLength = _server.Files["onnx/vision_model.onnx"].Length;
            await context.Response.Body.WriteAsync(_server.Files["onnx/vision_model.onnx"].AsMemory(0, 50));
            await context.Response.Body.FlushAsync();
            await Task.Delay(200);
            await cancelling.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PullAsync(cancellationToken: cancelling.Token));
        Assert.False(Directory.Exists(_folder.PathOf("planted")));
        int before = _server.HubRequests.Count(request => request.Path.EndsWith("/config.json", StringComparison.Ordinal));

        PulledModel pulled = await PullAsync();

        Assert.NotNull(pulled.Contract);
        Assert.Contains(_server.StoreRequests, request => request.Range == "bytes=50-");
        Assert.Equal(before, _server.HubRequests.Count(request => request.Path.EndsWith("/config.json", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("onnx/vision_model.onnx", "SHA-256")]
    [InlineData("config.json", "git SHA-1")]
    public async Task Pull_BytesOfAnotherChecksum_AreDeletedAndNamed(string file, string kind)
    {
        byte[] right = _server.Files[file];
        _server.Intercept = async context =>
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
        Assert.False(Directory.Exists(_folder.PathOf("planted")));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories),
            path => path.EndsWith(file + ".part", StringComparison.Ordinal) || path.EndsWith("/" + file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pull_MoreBytesThanListed_IsRefused()
    {
        _server.Intercept = async context =>
        {
            bool isGraph = context.Request.Path == "/store/onnx/text_model.onnx";
            if (isGraph)
            {
                await context.Response.Body.WriteAsync(new byte[_server.Files["onnx/text_model.onnx"].Length + 1]);
            }

            return isGraph;
        };

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Contains("more than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_WithAToken_SendsItToTheHubAndNotWhereItRedirectsTo()
    {
        await new ModelHub(_server.Options(token: "secret")).PullAsync(Request(), cancellationToken: default);

        Assert.All(_server.HubRequests, request => Assert.Equal("Bearer secret", request.Authorization));
        Assert.NotEmpty(_server.StoreRequests);
        Assert.All(_server.StoreRequests, request => Assert.Equal("", request.Authorization));
    }

    [Theory]
    [InlineData(401, null, "HF_TOKEN")]
    [InlineData(401, "secret", "does not accept the token")]
    [InlineData(403, "secret", "gated")]
    [InlineData(404, null, "there is no /api/models/someone/planted/revision/main")]
    public async Task Pull_Refused_SaysWhatHelps(int status, string? token, string expected)
    {
        _server.Intercept = async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("Invalid username\nor password.");
            return true;
        };

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(
            () => new ModelHub(_server.Options(token)).PullAsync(Request()));

        Assert.Equal((HttpStatusCode)status, error.Status);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("Invalid username or password.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Single(_server.HubRequests);
    }

    [Fact]
    public async Task Pull_TooManyRequests_WaitsAsLongAsAsked()
    {
        int refused = 0;
        _server.Intercept = context =>
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
        _server.Intercept = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "7200";
            return Task.FromResult(true);
        };

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Equal(HttpStatusCode.TooManyRequests, error.Status);
        Assert.Contains("7200 s", error.Message, StringComparison.Ordinal);
        Assert.Single(_server.HubRequests);
    }

    [Fact]
    public async Task Pull_ServerThatFallsSilent_IsAnError()
    {
        _server.Intercept = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        ModelHub hub = new(new ModelHubOptions
        {
            Endpoint = _server.Address,
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
        _server.Files[path] = [1, 2, 3];

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Contains("not plain", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("no-such-name")]
    [InlineData("../planted")]
    [InlineData("a/b/c")]
    [InlineData("someone/planted@../main")]
    [InlineData("someone/planted@")]
    public async Task Pull_NoModel_IsAnError(string model) =>
        await Assert.ThrowsAsync<ArgumentException>(() => new ModelHub(_server.Options()).PullAsync(Request() with { Model = model }));

    [Fact]
    public async Task Pull_Again_DoesNothing()
    {
        await PullAsync();
        int requests = _server.HubRequests.Count;

        PulledModel again = await PullAsync();

        Assert.True(again.WasThere);
        Assert.NotNull(again.Contract);
        Assert.Equal(requests + 1, _server.HubRequests.Count);
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
        foreach (string graph in _server.Files.Keys.Where(HubServer.IsLarge).ToList())
        {
            _server.Files.Remove(graph);
        }

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => PullAsync());

        Assert.Contains("no ONNX graph", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_FolderThatCannotBeUsed_IsThereWithTheReason()
    {
        _server.Files.Remove("tokenizer.json");

        PulledModel pulled = await PullAsync();

        Assert.Null(pulled.Contract);
        Assert.Contains("tokenizer", pulled.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_FilesInTheCache_AreCopiedAndChecked()
    {
        string cache = WriteCache(isDamaged: false);

        PulledModel pulled = await new ModelHub(_server.Options(cache: cache)).PullAsync(Request());

        Assert.NotNull(pulled.Contract);
        Assert.Empty(_server.StoreRequests);
        Assert.DoesNotContain(_server.HubRequests, request => request.Path.Contains("/resolve/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pull_DamagedCache_IsFetchedInstead()
    {
        string cache = WriteCache(isDamaged: true);

        PulledModel pulled = await new ModelHub(_server.Options(cache: cache)).PullAsync(Request());

        Assert.Equal(EncoderModel.Inspect(_original.Folder).SpaceId, pulled.Contract!.SpaceId);
        Assert.NotEmpty(_server.StoreRequests);
    }

    [Fact]
    public async Task Pull_Offline_TakesTheCacheWithoutAConnection()
    {
        string cache = WriteCache(isDamaged: false);
        ModelHub hub = new(new ModelHubOptions { Endpoint = _server.Address, CacheFolder = cache, IsOffline = true });

        PulledModel pulled = await hub.PullAsync(Request());

        Assert.Equal(EncoderModel.Inspect(_original.Folder).SpaceId, pulled.Contract!.SpaceId);
        Assert.Equal(HubServer.Commit, pulled.Commit);
        Assert.Empty(_server.HubRequests);
    }

    [Fact]
    public async Task Pull_OfflineFromADamagedCache_IsAnError()
    {
        ModelHub hub = new(new ModelHubOptions { CacheFolder = WriteCache(isDamaged: true), IsOffline = true });

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => hub.PullAsync(Request()));

        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_OfflineWhatTheCacheLacks_SaysWhereItLooked()
    {
        ModelHub hub = new(new ModelHubOptions { CacheFolder = _folder.PathOf("nowhere"), IsOffline = true });

        ModelPullException error = await Assert.ThrowsAsync<ModelPullException>(() => hub.PullAsync(Request()));

        Assert.Contains("models--someone--planted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_Progress_EndsWithAllBytes()
    {
        List<ModelPullProgress> seen = [];

        PulledModel pulled = await new ModelHub(_server.Options()).PullAsync(Request(), new Immediate(seen.Add));

        long total = pulled.Files.Sum(file => (long)_server.Files[file].Length);
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

    private string WriteCache(bool isDamaged)
    {
        string cache = _folder.PathOf("cache");
        string repository = Path.Combine(cache, "models--someone--planted");
        string snapshot = Path.Combine(repository, "snapshots", HubServer.Commit);
        Directory.CreateDirectory(Path.Combine(repository, "refs"));
        Directory.CreateDirectory(Path.Combine(repository, "blobs"));
        File.WriteAllText(Path.Combine(repository, "refs", "main"), HubServer.Commit);
        foreach ((string path, byte[] bytes) in _server.Files)
        {
            string name = HubServer.IsLarge(path) ? HubServer.Sha256(bytes) : HubServer.GitSha1(bytes);
            string blob = Path.Combine(repository, "blobs", name);
            byte[] stored = [.. bytes];
            stored[^1] ^= (byte)(isDamaged && HubServer.IsLarge(path) ? 1 : 0);
            File.WriteAllBytes(blob, stored);
            string link = Path.Combine(snapshot, path);
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, blob));
        }

        return cache;
    }

    private ModelPullRequest Request() => new() { Model = HubServer.Repository, Into = _folder };

    private Task<PulledModel> PullAsync(string? graph = null, string? name = null, CancellationToken cancellationToken = default) =>
        new ModelHub(_server.Options()).PullAsync(
            Request() with { Graph = graph, Name = name }, progress: null, cancellationToken);

    private sealed class Immediate(Action<ModelPullProgress> report) : IProgress<ModelPullProgress>
    {
        public void Report(ModelPullProgress value) => report(value);
    }
}
