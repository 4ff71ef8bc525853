using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using MultiVecRetrieval.Encoding.Hub;

namespace MultiVecRetrieval.Tests.Encoding.Hub;

/// <summary>
/// A hub on loopback that speaks the protocol: commits, lists of files in pages, small files itself, large ones by a redirection to a
/// second server, both with ranges.
/// </summary>
internal sealed class HubServer : IAsyncDisposable
{
    public const string Repository = "someone/planted";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private const int FilesPerPage = 4;

    private readonly WebApplication _hub;
    private readonly WebApplication _store;

    private HubServer(SortedDictionary<string, byte[]> files)
    {
        Files = files;
        _hub = Build(AnswerHubAsync, HubRequests);
        _store = Build(AnswerStoreAsync, StoreRequests);
    }

    public SortedDictionary<string, byte[]> Files { get; }

    public ConcurrentQueue<HubRequest> HubRequests { get; } = new();

    /// <summary>Requests to the server that holds large files.</summary>
    public ConcurrentQueue<HubRequest> StoreRequests { get; } = new();

    /// <summary>Answers instead of either server; gives true when it did.</summary>
    public Func<HttpContext, Task<bool>> Intercept { get; set; } = _ => Task.FromResult(false);

    /// <summary>Called with each body before it is sent; gives how many bytes are sent before the connection is cut, or null for
    /// all.</summary>
    public Func<string, int?> CutAfter { get; set; } = _ => null;

    /// <summary>Answers to a Range header with the whole file.</summary>
    public bool IgnoresRanges { get; set; }

    public Uri Address => new(_hub.Urls.First());

    public static async Task<HubServer> StartAsync(string folder)
    {
        SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            files[Path.GetRelativePath(folder, path)] = await File.ReadAllBytesAsync(path);
        }

        HubServer server = new(files);
        await server._hub.StartAsync();
        await server._store.StartAsync();
        return server;
    }

    /// <summary>Options that lead here, without pauses that a test would wait for, and without a cache.</summary>
    public ModelHubOptions Options(string? token = null, string? cache = null) => new()
    {
        Endpoint = Address,
        Token = token,
        CacheFolder = cache,
        Retries = 3,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        StallTimeout = TimeSpan.FromSeconds(20),
    };

    public static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string GitSha1(byte[] bytes) => Convert.ToHexStringLower(
#pragma warning disable CA5350 // git names its objects so.
        SHA1.HashData([.. System.Text.Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
#pragma warning restore CA5350

    public static bool IsLarge(string path) => path.Contains(".onnx", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _store.DisposeAsync();
    }

    private WebApplication Build(Func<HttpContext, Task> answer, ConcurrentQueue<HubRequest> log)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async context =>
        {
            HttpRequest request = context.Request;
            log.Enqueue(new HubRequest(request.Path, request.Headers.Range.ToString(), request.Headers.Authorization.ToString()));
            if (!await Intercept(context))
            {
                await answer(context);
            }
        });
        return app;
    }

    private async Task AnswerHubAsync(HttpContext context)
    {
        string path = context.Request.Path.Value!;
        string resolve = $"/{Repository}/resolve/{Commit}/";
        if (path == $"/api/models/{Repository}/revision/main" || path == $"/api/models/{Repository}/revision/{Commit}")
        {
            await context.Response.WriteAsJsonAsync(new { id = Repository, sha = Commit });
        }
        else if (path == $"/api/models/{Repository}/tree/{Commit}")
        {
            await ListAsync(context);
        }
        else if (path.StartsWith(resolve, StringComparison.Ordinal) && Files.ContainsKey(path[resolve.Length..]))
        {
            string file = path[resolve.Length..];
            if (IsLarge(file))
            {
                context.Response.Redirect($"{_store.Urls.First()}/store/{file}");
                return;
            }

            await SendAsync(context, file);
        }
        else
        {
            context.Response.StatusCode = 404;
            context.Response.Headers["X-Error-Message"] = "Entry not found";
        }
    }

    private Task AnswerStoreAsync(HttpContext context) => SendAsync(context, context.Request.Path.Value!["/store/".Length..]);

    private async Task ListAsync(HttpContext context)
    {
        int first = int.Parse(context.Request.Query["cursor"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
        object[] page = [.. Files.Skip(first).Take(FilesPerPage).Select(Describe)];
        if (first + FilesPerPage < Files.Count)
        {
            context.Response.Headers.Link =
                $"<{Address}api/models/{Repository}/tree/{Commit}?recursive=true&cursor={first + FilesPerPage}>; rel=\"next\"";
        }

        await context.Response.WriteAsJsonAsync(page.Prepend(new { type = "directory", oid = new string('0', 40), size = 0, path = "onnx" }));
    }

    private static object Describe(KeyValuePair<string, byte[]> file) => IsLarge(file.Key)
        ? new
        {
            type = "file",
            oid = GitSha1(System.Text.Encoding.ASCII.GetBytes("pointer")),
            size = file.Value.Length,
            lfs = new { oid = Sha256(file.Value), size = file.Value.Length, pointerSize = 134 },
            path = file.Key,
        }
        : new { type = "file", oid = GitSha1(file.Value), size = file.Value.Length, path = file.Key };

    private async Task SendAsync(HttpContext context, string file)
    {
        byte[] bytes = Files[file];
        int start = 0;
        string range = context.Request.Headers.Range.ToString();
        if (range.Length > 0 && !IgnoresRanges)
        {
            start = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {start}-{bytes.Length - 1}/{bytes.Length}";
        }

        context.Response.ContentLength = bytes.Length - start;
        if (CutAfter(file) is { } count && count < bytes.Length - start)
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(start, count));
            await context.Response.Body.FlushAsync();

            // A reset overtakes bytes that the other side has not read yet.
            await Task.Delay(50);
            context.Features.Get<IHttpRequestLifetimeFeature>()!.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(bytes.AsMemory(start));
    }
}
