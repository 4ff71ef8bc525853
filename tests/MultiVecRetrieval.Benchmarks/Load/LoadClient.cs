using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;

namespace MultiVecRetrieval.Benchmarks.Load;

/// <summary>One client: it asks, waits for the answer, and asks again.</summary>
internal sealed class LoadClient(LoadServer server, Random random, LoadTally tally)
{
    private static readonly string[] Words =
        ["river", "harbour", "engine", "filter", "compression", "mountain", "index", "weather", "vector", "bridge", "window", "history"];

    private static int _uploadCount;

    public async Task RunAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            double dice = random.NextDouble();
            if (dice < 0.60)
            {
                await SendAsync("words", token => PostAsync(LoadServer.Texts, "search", new { text = Question(), top = 10 }, token));
            }
            else if (dice < 0.85)
            {
                await SendAsync("vectors", token => PostAsync(LoadServer.Records, "search", Rows(), token));
            }
            else if (dice < 0.93)
            {
                await SendAsync(
                    "list", token => server.Client.GetAsync($"/v1/collections/{LoadServer.Texts}/entries?limit=20&sort=date", token));
            }
            else if (dice < 0.99)
            {
                await GiveUpAsync();
            }
            else
            {
                await UploadAsync();
            }
        }
    }

    private string Question() => $"{Words[random.Next(Words.Length)]} {Words[random.Next(Words.Length)]}";

    private object Rows() => new
    {
        top = 10,
        filter = random.Next(2) == 0 ? "meta.color = red" : null,
        parts = new[] { new { space = LoadServer.Space, rows = new[] { LoadServer.RandomVector(random) } } },
    };

    private Task<HttpResponseMessage> PostAsync(string collection, string route, object body, CancellationToken cancellationToken) =>
        server.Client.PostAsJsonAsync($"/v1/collections/{collection}/{route}", body, cancellationToken);

    private async Task SendAsync(string kind, Func<CancellationToken, Task<HttpResponseMessage>> send)
    {
        long start = Stopwatch.GetTimestamp();
        int status = 0;
        try
        {
            using HttpResponseMessage response = await send(CancellationToken.None);
            await response.Content.ReadAsByteArrayAsync();
            status = (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            // No answer: counted as the server's error.
        }

        tally.Add(kind, status, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    // A client that goes away stops its search; nothing is to be left of it.
    private async Task GiveUpAsync()
    {
        using CancellationTokenSource patience = new(random.Next(1, 15));
        try
        {
            using HttpResponseMessage response = await PostAsync(
                LoadServer.Texts, "search", new { text = Question(), top = 50 }, patience.Token);
        }
        catch (OperationCanceledException)
        {
        }

        tally.AddCancelled();
    }

    private async Task UploadAsync()
    {
        string name = $"upload-{Interlocked.Increment(ref _uploadCount).ToString("00000", CultureInfo.InvariantCulture)}.txt";
        await SendAsync("upload", async token =>
        {
            using MultipartFormDataContent form = new()
            {
                { new StringContent($"{name}\n\nA text about {Question()} and {Question()}.\n"), "file", name },
            };
            HttpResponseMessage response = await server.Client.PostAsync($"/v1/collections/{LoadServer.Texts}/documents", form, token);
            if (response.IsSuccessStatusCode)
            {
                tally.Uploads.Add(name);
            }

            return response;
        });
    }
}
