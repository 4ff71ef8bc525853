using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MultiVecRetrieval.Tests.Libraries.Answers;

/// <summary>A chat endpoint on loopback that says what a test gives it, and keeps what it was sent.</summary>
internal sealed class ChatServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ChatServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(AnswerAsync);
    }

    /// <summary>The requests with the key that came.</summary>
    public ConcurrentQueue<(string Key, JsonElement Body)> Requests { get; } = new();

    /// <summary>The pieces of the answer; one where it is not streamed.</summary>
    public string[] Pieces { get; set; } = ["It is so [1]."];

    /// <summary>Answers instead; gives true when it did.</summary>
    public Func<HttpContext, Task<bool>> Intercept { get; set; } = _ => Task.FromResult(false);

    public string Address => _app.Urls.First() + "/v1/chat/completions";

    /// <summary>The content of the last message that came.</summary>
    public JsonElement LastContent => Requests.Last().Body.GetProperty("messages")[1].GetProperty("content");

    public static async Task<ChatServer> StartAsync()
    {
        ChatServer server = new();
        await server._app.StartAsync();
        return server;
    }

    public AnswerOptions Options => new()
    {
        Endpoint = Address,
        Model = "planted",
        Retries = 2,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        Timeout = TimeSpan.FromSeconds(30),
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static string Event(string text) =>
        $"data: {JsonSerializer.Serialize(new { choices = new[] { new { delta = new { content = text } } } })}\n\n";

    private async Task AnswerAsync(HttpContext context)
    {
        using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body);
        Requests.Enqueue((context.Request.Headers.Authorization.ToString(), body.RootElement.Clone()));
        if (await Intercept(context))
        {
            return;
        }

        if (!body.RootElement.GetProperty("stream").GetBoolean())
        {
            await context.Response.WriteAsJsonAsync(
                new { choices = new[] { new { message = new { role = "assistant", content = string.Concat(Pieces) }, finish_reason = "stop" } } });
            return;
        }

        context.Response.ContentType = "text/event-stream; charset=utf-8";
        foreach (string piece in Pieces)
        {
            await context.Response.WriteAsync(Event(piece));
            await context.Response.Body.FlushAsync();
        }

        await context.Response.WriteAsync(": nothing new\n\ndata: {\"choices\":[],\"usage\":{}}\n\ndata: [DONE]\n\n");
    }
}
