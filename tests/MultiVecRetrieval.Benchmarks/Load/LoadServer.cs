using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace MultiVecRetrieval.Benchmarks.Load;

/// <summary><c>mvr serve</c> as a process of its own over a folder of its own, with a collection of texts and one of vectors.</summary>
internal sealed class LoadServer : IAsyncDisposable
{
    public const string Texts = "texts";
    public const string Records = "records";
    public const string Space = "dense";
    public const int Dimension = 128;
    public const int RecordCount = 20_000;
    public const int TextCount = 200;

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private LoadServer(Process process, DirectoryInfo folder, HttpClient client) => (_process, _folder, Client) = (process, folder, client);

    public HttpClient Client { get; }

    public static float[] RandomVector(Random random) =>
        [.. Enumerable.Range(0, Dimension).Select(_ => (float)((random.NextDouble() * 2) - 1))];

    public static async Task<LoadServer> StartAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mvr-load-");
        string address = $"http://127.0.0.1:{FindPort().ToString(CultureInfo.InvariantCulture)}";
        Process process = Process.Start(new ProcessStartInfo("dotnet", [FindProgram(), "serve", "-d", folder.FullName, "--urls", address])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("The server did not start.");
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1000 })
        {
            BaseAddress = new Uri(address),
            Timeout = TimeSpan.FromMinutes(5),
        };
        LoadServer server = new(process, folder, client);
        try
        {
            await server.WaitAsync();
            await server.FillAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for every job, and counts the uploads of which there is no document.</summary>
    public async Task<int> CountLostAsync(IReadOnlyList<string> names)
    {
        while ((await Client.GetFromJsonAsync<JsonElement>($"/v1/jobs?collection={Texts}")).GetProperty("items").EnumerateArray()
            .Any(job => job.GetProperty("state").GetString() is "queued" or "running"))
        {
            await Task.Delay(250);
        }

        int lost = 0;
        foreach (string name in names)
        {
            using HttpResponseMessage response = await Client.GetAsync($"/v1/collections/{Texts}/document?key={Uri.EscapeDataString(name)}");
            lost += response.StatusCode == HttpStatusCode.OK ? 0 : 1;
        }

        return lost;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string FindProgram()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "tools", "MultiVecRetrieval.Cli", "bin", "Release", "net10.0", "mvr.dll");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("Build the solution in Release first: tools/MultiVecRetrieval.Cli has no mvr.dll.");
    }

    private static int FindPort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitAsync()
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using HttpResponseMessage response = await Client.GetAsync("/healthz");
                return;
            }
            catch (HttpRequestException) when (attempt < 300 && !_process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    private async Task FillAsync()
    {
        Random random = new(7);
        await SendAsync(Client.PutAsJsonAsync(
            $"/v1/collections/{Records}", new { vectors = new[] { new { name = Space, dimension = Dimension } } }));
        for (int start = 0; start < RecordCount; start += 2_000)
        {
            await SendAsync(Client.PostAsJsonAsync($"/v1/collections/{Records}/records", new
            {
                records = Enumerable.Range(start, 2_000).Select(i => new
                {
                    key = $"r{i}",
                    vectors = new Dictionary<string, float[][]> { [Space] = [RandomVector(random)] },
                    payload = new { color = i % 2 == 0 ? "red" : "blue", n = i },
                }),
            }));
        }

        await SendAsync(Client.PutAsJsonAsync($"/v1/collections/{Texts}", new { }));
        using MultipartFormDataContent form = [];
        string[] words = ["river", "harbour", "engine", "filter", "compression", "mountain", "index", "weather", "vector", "bridge"];
        for (int i = 0; i < TextCount; i++)
        {
            string text = string.Join(' ', Enumerable.Range(0, 80).Select(_ => words[random.Next(words.Length)]));
            form.Add(new StringContent($"Text {i}\n\n{text}\n"), "file", $"text-{i}.txt");
        }

        await SendAsync(Client.PostAsync($"/v1/collections/{Texts}/documents", form));
        await CountLostAsync([]);
    }

    private static async Task SendAsync(Task<HttpResponseMessage> sent)
    {
        using HttpResponseMessage response = await sent;
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }
    }
}
