using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MultiVecRetrieval.Server;
using static System.Text.Encoding;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>What a scraper reads, over a real connection. Collections have names of their own, as meters are shared by a process.</summary>
public class MetricsTests
{
    private const string Key = "0123456789abcdef-key";

    private readonly string _name = $"m{Guid.NewGuid():n}";

    [Fact]
    public async Task Search_Once_IsCountedOnceInTheBucketOfItsDuration()
    {
        await using RunningServer server = await StartWithSampleAsync();

        await server.GetJsonAsync($"/v1/collections/{_name}/search?q=page%20number");

        string metrics = await ScrapeUntilAsync(server, text => Sum(text, "mvr_search_duration_seconds_count", Tag) > 0);
        string[] kind = [Tag, "mvr_search_plan=\"none\"", "mvr_search_effort=\"default\"", "mvr_search_outcome=\"likely\""];
        Assert.Equal(1, Sum(metrics, "mvr_search_duration_seconds_count", kind));
        double seconds = Sum(metrics, "mvr_search_duration_seconds_sum", Tag);
        (double Bound, double Count)[] buckets = [.. Read(metrics, "mvr_search_duration_seconds_bucket", Tag)
            .Select(line => (Bound: ReadBound(line.Labels), line.Value)).OrderBy(bucket => bucket.Bound)];
        int first = Array.FindIndex(buckets, bucket => bucket.Count == 1);
        Assert.True(buckets[first].Bound >= seconds, $"{seconds} s beyond {buckets[first].Bound}");
        Assert.True(first == 0 || buckets[first - 1].Bound < seconds, $"{seconds} s not beyond {buckets[first - 1].Bound}");
        Assert.All(buckets[first..], bucket => Assert.Equal(1, bucket.Count));

        // Each stage of it, too; full text is one.
        Assert.Equal(1, Sum(metrics, "mvr_search_stage_duration_seconds_count", Tag, "mvr_search_stage=\"text\""));
        Assert.Equal(0, Sum(metrics, "mvr_search_stage_duration_seconds_count", Tag, "mvr_search_stage=\"total\""));

        // The default buckets of the SDK begin at 0, 5 and 10.
        Assert.Equal([.001, .0025, .005, .01], buckets[..4].Select(bucket => bucket.Bound));
        Assert.Equal([10, double.PositiveInfinity], buckets[^2..].Select(bucket => bucket.Bound));
    }

    [Fact]
    public async Task Search_Failing_IsCountedByItsError()
    {
        await using RunningServer server = await StartWithSampleAsync();

        using HttpResponseMessage response = await server.Client.GetAsync($"/v1/collections/{_name}/search?q=page&using=text&tier=bits:2");

        Assert.False(response.IsSuccessStatusCode);
        string metrics = await ScrapeUntilAsync(server, text => Sum(text, "mvr_search_duration_seconds_count", Tag) > 0);
        Assert.Equal(1, Sum(metrics, "mvr_search_duration_seconds_count", Tag, "error_type=\"MultiVecRetrieval.SearchOptionException\""));
        Assert.Equal(0, Sum(metrics, "mvr_search_duration_seconds_count", Tag, "mvr_search_outcome="));
    }

    [Fact]
    public async Task Search_OfNoCollection_MakesNoSeriesOfItsName()
    {
        ConcurrentBag<string> series = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Name == "mvr.search.duration")
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            series.Add(string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
        listener.Start();
        string folder = Directory.CreateTempSubdirectory("mvr-metrics-").FullName;
        using Library library = new(new LibraryOptions { DataFolder = folder });

        await Assert.ThrowsAsync<CollectionNotFoundException>(
            () => library.SearchAsync(new LibraryQuery { Collection = _name, Text = "page" }));

        Assert.Contains("mvr.search.effort=default,error.type=MultiVecRetrieval.CollectionNotFoundException", series);
        Assert.DoesNotContain(series, tags => tags.Contains(_name, StringComparison.Ordinal));
        Directory.Delete(folder);
    }

    [Fact]
    public async Task Requests_AreMeasuredByRouteInSeconds_ButNotScrapes()
    {
        await using RunningServer server = await StartWithSampleAsync();

        await server.GetJsonAsync($"/v1/collections/{_name}/entries");

        const string Route = "http_route=\"/v1/collections/{collection}/entries\"";
        string metrics = await ScrapeUntilAsync(server, text => Sum(text, "http_server_request_duration_seconds_count", Route) > 0);
        Assert.Contains(Read(metrics, "http_server_request_duration_seconds_bucket", Route), line => ReadBound(line.Labels) == .025);
        Assert.DoesNotContain("http_route=\"/metrics\"", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Indexing_IsSeenAsEntriesCommitsEncodingAndSizes()
    {
        string media = Directory.CreateTempSubdirectory("mvr-metrics-").FullName;
        try
        {
            GeneratedMedia.Write(media);
            await File.WriteAllTextAsync(Path.Combine(media, "broken.pdf"), "%PDF-1.4 and no more");
            await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { AllowedRoots = [media] });
            using HttpResponseMessage created = await server.Client.PutAsJsonAsync($"/v1/collections/{_name}", new { });
            using HttpResponseMessage accepted =
                await server.Client.PostAsJsonAsync($"/v1/collections/{_name}/index", new { paths = new[] { media } });
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            await server.WaitForJobAsync(accepted.Headers.Location!.ToString().Split('/')[^1]);

            string metrics = await ScrapeUntilAsync(server, text => Sum(text, "mvr_collection_entries", Tag) == 4);
            Assert.Equal(3, Sum(metrics, "mvr_collection_documents", Tag));
            Assert.True(Sum(metrics, "mvr_collection_size_bytes", Tag) > 4096);
            Assert.Equal(4, Sum(metrics, "mvr_index_entries_total", Tag));
            Assert.Equal(3, Sum(metrics, "mvr_index_files_total", Tag, "mvr_file_outcome=\"done\""));
            Assert.Equal(1, Sum(metrics, "mvr_index_files_total", Tag, "mvr_file_outcome=\"failed\""));
            Assert.Equal(1, Sum(metrics, "mvr_index_duration_seconds_count", Tag));
            Assert.True(Sum(metrics, "mvr_operation_duration_seconds_count", Tag, "mvr_operation=\"commit\"") >= 1);
            Assert.True(
                Sum(metrics, "mvr_encode_duration_seconds_count", "mvr_model=\"page-words\"", "mvr_encode_input=\"image\"") >= 3,
                string.Join('\n', Regex.Matches(metrics, "^mvr_encode_duration_seconds_count.*", RegexOptions.Multiline)));
        }
        finally
        {
            Directory.Delete(media, recursive: true);
        }
    }

    [Theory]
    [InlineData(false, null, HttpStatusCode.Unauthorized)]
    [InlineData(false, Key, HttpStatusCode.OK)]
    [InlineData(true, null, HttpStatusCode.OK)]
    public async Task Scrape_NeedsTheKeyUnlessTheSettingSaysOtherwise(bool isOpen, string? key, HttpStatusCode expected)
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerOptions { ApiKey = Key, OpenMetrics = isOpen });
        using HttpRequestMessage request = new(HttpMethod.Get, "/metrics");
        if (key is not null)
        {
            request.Headers.Add("api-key", key);
        }

        using HttpResponseMessage response = await server.Client.SendAsync(request);
        using HttpResponseMessage other = await server.Client.GetAsync("/v1/collections");

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, other.StatusCode);
    }

    [Fact]
    public async Task EndpointVariable_Set_SendsMetricsAndActivities()
    {
        ConcurrentDictionary<string, string> received = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using WebApplication collector = builder.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            using MemoryStream body = new();
            await request.Body.CopyToAsync(body);
            string text = Latin1.GetString(body.ToArray());
            received.AddOrUpdate(signal, text, (_, before) => before + text);
        });
        await collector.StartAsync();
        Dictionary<string, string?> variables = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Urls.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        Set(variables);
        await using RunningServer server = await StartWithSampleAsync();
        Set(variables.ToDictionary(variable => variable.Key, string? (_) => null));

        // Servers of other tests that start meanwhile read the variables, too, so that one search may be among what is left out.
        await WaitAsync(
            async () =>
            {
                await server.GetJsonAsync($"/v1/collections/{_name}/search?q=page");
                return Has("metrics", "mvr.search.duration") && Has("traces", "mvr.search") && Has("traces", _name);
            },
            () => $"duration {Has("metrics", "mvr.search.duration")}, search {Has("traces", "mvr.search")}, collection {Has("traces", _name)}");

        bool Has(string signal, string text) =>
            received.TryGetValue(signal, out string? body) && body.Contains(text, StringComparison.Ordinal);
    }

    private string Tag => $"mvr_collection=\"{_name}\"";

    private static void Set(Dictionary<string, string?> variables)
    {
        foreach ((string name, string? value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    private async Task<RunningServer> StartWithSampleAsync()
    {
        RunningServer server = await RunningServer.StartAsync();
        SampleCollection.Write(server.Folder);
        Directory.Move(Path.Combine(server.Folder, SampleCollection.Name), Path.Combine(server.Folder, _name));
        return server;
    }

    // What was scraped stays for a moment: a scrape right after another gives the same.
    private static async Task<string> ScrapeUntilAsync(RunningServer server, Func<string, bool> isReached)
    {
        string metrics = "";
        await WaitAsync(async () => isReached(metrics = await server.Client.GetStringAsync("/metrics")), () => metrics);
        return metrics;
    }

    private static Task WaitAsync(Func<bool> isReached) => WaitAsync(() => Task.FromResult(isReached()), () => "");

    private static async Task WaitAsync(Func<Task<bool>> isReached, Func<string> describe)
    {
        for (int i = 0; i < 100; i++)
        {
            if (await isReached())
            {
                return;
            }

            await Task.Delay(200);
        }

        Assert.Fail($"Not reached within 20 seconds. {describe()}");
    }

    private static double Sum(string metrics, string name, params string[] labels) => Read(metrics, name, labels).Sum(line => line.Value);

    private static IEnumerable<(string Labels, double Value)> Read(string metrics, string name, params string[] labels) =>
        from Match line in Regex.Matches(metrics, $@"^{name}\{{(.*)\}} (\S+)", RegexOptions.Multiline)
        where labels.All(label => line.Groups[1].Value.Contains(label, StringComparison.Ordinal))
        select (line.Groups[1].Value, double.Parse(line.Groups[2].Value, CultureInfo.InvariantCulture));

    private static double ReadBound(string labels)
    {
        string text = Regex.Match(labels, "le=\"([^\"]+)\"").Groups[1].Value;
        return text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
    }
}
