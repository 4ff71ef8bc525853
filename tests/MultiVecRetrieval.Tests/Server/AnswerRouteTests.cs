using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MultiVecRetrieval.Server;
using MultiVecRetrieval.Tests.Libraries.Answers;

namespace MultiVecRetrieval.Tests.Server;

/// <summary>Answers over HTTP: whole, as events, and refused.</summary>
public sealed class AnswerRouteTests : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private ChatServer _chat = null!;
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        TextCollection.Write(_data.FullName, ("tides.pdf", ["The tide of the harbour rises twice a day."]));
        _chat = await ChatServer.StartAsync();
        _server = await RunningServer.StartAsync(folder: _data.FullName, answer: _chat.Options);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _chat.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Answer_Question_HasCheckedCitationsWithPlaces()
    {
        _chat.Pieces = ["It \"rises twice a day\" [1]."];

        JsonElement answer = await ReadAsync(await PostAsync(new { text = "tide" }));

        Assert.Equal(("answered", "planted"), (answer.GetProperty("state").GetString(), answer.GetProperty("model").GetString()));
        JsonElement citation = answer.GetProperty("citations")[0];
        Assert.True(citation.GetProperty("isVerbatim").GetBoolean());
        Assert.Equal(("tides.pdf", 1), (citation.GetProperty("document").GetString(), citation.GetProperty("page").GetInt32()));
        Assert.NotEqual(0, citation.GetProperty("boxes").GetArrayLength());
        Assert.Contains("tide", citation.GetProperty("passage").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("context").GetProperty("markdown").ValueKind);
    }

    [Fact]
    public async Task Answer_ContextOnly_HasTheMarkdown()
    {
        JsonElement answer = await ReadAsync(await PostAsync(new { text = "tide", contextOnly = true, maxContextTokens = 100 }));

        Assert.Equal("contextOnly", answer.GetProperty("state").GetString());
        Assert.Contains("<source id=", answer.GetProperty("context").GetProperty("markdown").GetString(), StringComparison.Ordinal);
        Assert.Empty(_chat.Requests);
    }

    [Fact]
    public async Task Answer_Stream_GivesContextPiecesAndEnd()
    {
        _chat.Pieces = ["It rises", " [1] [5]", "."];

        HttpResponseMessage response = await PostAsync(new { text = "tide", stream = true });

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        (string Kind, JsonElement Data)[] events = await ReadEventsAsync(response);
        Assert.Equal("context", events[0].Kind);
        Assert.Equal("end", events[^1].Kind);
        Assert.All(events[1..^1], item => Assert.Equal("delta", item.Kind));
        Assert.Equal("It rises [1].", string.Concat(events[1..^1].Select(item => item.Data.GetProperty("text").GetString())));
        Assert.Equal("It rises [1].", events[^1].Data.GetProperty("text").GetString());
    }

    // Streams are bounded; clients that went away must not count.
    [Fact]
    public async Task Answer_StreamsLeftByTheirClients_GiveTheirPlacesBack()
    {
        await using RunningServer one = await RunningServer.StartAsync(
            new ServerOptions { MaxEventStreams = 1 }, _data.FullName, answer: _chat.Options);
        object body = new { text = "tide", stream = true };
        for (int i = 0; i < 10; i++)
        {
            using CancellationTokenSource gone = new(TimeSpan.FromMilliseconds(5 * i));
            try
            {
                using HttpResponseMessage left = await one.Client.PostAsJsonAsync("/v1/collections/texts/answer", body, gone.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }

        HttpStatusCode status = HttpStatusCode.ServiceUnavailable;
        for (int i = 0; i < 50 && status == HttpStatusCode.ServiceUnavailable; i++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            using HttpResponseMessage answer = await one.Client.PostAsJsonAsync(
                "/v1/collections/texts/answer", body, TestContext.Current.CancellationToken);
            status = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Answer_StreamThatIsCut_EndsWithAProblem()
    {
        _chat.Intercept = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(ChatServer.Event("Half"));
            return true;
        };

        (string Kind, JsonElement Data)[] events = await ReadEventsAsync(await PostAsync(new { text = "tide", stream = true }));

        Assert.Equal(["context", "delta", "error"], events.Select(item => item.Kind));
        Assert.Equal("urn:multivecretrieval:problem:answer-failed", events[2].Data.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_EndpointRefuses_Is502(bool stream)
    {
        _chat.Intercept = context =>
        {
            context.Response.StatusCode = 401;
            return Task.FromResult(true);
        };

        HttpResponseMessage response = await PostAsync(new { text = "tide", stream });

        JsonElement problem = await Problems.AssertAsync(response, HttpStatusCode.BadGateway, "answer-failed");
        Assert.Contains("answer:keyVariable", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"entry\": \"tides.pdf#page=1\"}")]
    [InlineData("{\"text\": \"a\", \"maxContextTokens\": 1}")]
    [InlineData("{\"text\": \"a\", \"maxContextTokens\": \"1\"}")]
    [InlineData("{\"text\": \"a\", \"stream\": true, \"top\": 0}")]
    [InlineData("{\"text\": \"a\", \"nothing\": 1}")]
    public async Task Answer_WrongRequest_IsRefused(string body)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");

        HttpResponseMessage response = await _server.Client.PostAsync("/v1/collections/texts/answer", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private Task<HttpResponseMessage> PostAsync(object body) => _server.Client.PostAsJsonAsync("/v1/collections/texts/answer", body);

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    private static async Task<(string Kind, JsonElement Data)[]> ReadEventsAsync(HttpResponseMessage response) =>
    [
        .. (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(item =>
        {
            string[] lines = item.Split('\n');
            return (lines.First(line => line.StartsWith("event: ", StringComparison.Ordinal))["event: ".Length..],
                JsonSerializer.Deserialize<JsonElement>(lines.First(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..]));
        }),
    ];
}
