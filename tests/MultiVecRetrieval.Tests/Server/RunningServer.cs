using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MultiVecRetrieval.Server;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>A server on a free loopback port over a data folder of its own; disposing it stops it and deletes the folder.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly Library _library;
    private readonly WebApplication _app;
    private readonly bool _keepsFolder;

    private RunningServer(string folder, bool keepsFolder, Library library, WebApplication app)
    {
        Folder = folder;
        _keepsFolder = keepsFolder;
        _library = library;
        _app = app;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(app.Urls.First())
        };
    }

    public string Folder { get; }

    public HttpClient Client { get; }

    public string Address => _app.Urls.First();

    public Library Library => _library;

    /// <summary>Every route that the server has.</summary>
    public IReadOnlyList<RouteEndpoint> Routes =>
        [.. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    public static async Task<RunningServer> StartAsync(
        ServerOptions? options = null, string? folder = null, IReadOnlyList<string>? modelFolders = null,
        AnswerOptions? answer = null)
    {
        bool keepsFolder = folder is not null;
        folder ??= Directory.CreateTempSubdirectory("mvr-server-").FullName;
        Library library = new(new LibraryOptions
        {
            DataFolder = folder,
            ModelFolders = modelFolders ?? [],
            Answer = answer ?? new AnswerOptions(),
        });
        WebApplication app = ServerHost.Build((options ?? new ServerOptions()) with { Urls = "http://127.0.0.1:0" }, library);
        await app.StartAsync();
        return new RunningServer(folder, keepsFolder, library, app);
    }

    public async Task<JsonElement> GetJsonAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Waits until a job ends and returns it.</summary>
    public async Task<JsonElement> WaitForJobAsync(string id)
    {
        for (int i = 0; i < 1200; i++)
        {
            JsonElement job = await GetJsonAsync($"/v1/jobs/{id}");
            if (job.GetProperty("state").GetString() is not ("queued" or "running"))
            {
                return job;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"Job {id} did not end within two minutes.");
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _library.Dispose();
        if (!_keepsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
