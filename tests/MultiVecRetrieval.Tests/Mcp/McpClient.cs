using System.Net.Http.Headers;
using System.Text.Json;

namespace MultiVecRetrieval.Tests.Mcp;

/// <summary>The smallest client: one request, one answer, as the protocol has them over HTTP without a session.</summary>
internal static class McpClient
{
    /// <summary>The result of a tool.</summary>
    public static async Task<JsonElement> CallAsync(HttpClient client, string tool, object arguments)
    {
        JsonElement answer = await SendAsync(client, "tools/call", new { name = tool, arguments });
        Assert.True(answer.TryGetProperty("result", out JsonElement result), answer.ToString());
        return result;
    }

    /// <summary>The structured content of a tool that did not fail; its text says the same.</summary>
    public static async Task<JsonElement> GetAsync(HttpClient client, string tool, object arguments)
    {
        JsonElement result = await CallAsync(client, tool, arguments);
        Assert.False(IsError(result), result.ToString());
        JsonElement content = Assert.Single(result.GetProperty("content").EnumerateArray());
        Assert.Equal("text", content.GetProperty("type").GetString());
        JsonElement structured = result.GetProperty("structuredContent");
        Assert.True(JsonElement.DeepEquals(structured, JsonSerializer.Deserialize<JsonElement>(content.GetProperty("text").GetString()!)));
        return structured;
    }

    /// <summary>The sentence of a tool that failed.</summary>
    public static async Task<string> FailAsync(HttpClient client, string tool, object arguments)
    {
        JsonElement result = await CallAsync(client, tool, arguments);
        Assert.True(IsError(result), result.ToString());
        string text = Assert.Single(result.GetProperty("content").EnumerateArray()).GetProperty("text").GetString()!;
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        return text;
    }

    /// <summary>The whole answer to a request.</summary>
    public static async Task<JsonElement> SendAsync(HttpClient client, string method, object parameters)
    {
        using HttpResponseMessage response = await PostAsync(
            client, JsonSerializer.Serialize(new { jsonrpc = "2.0", id = 1, method, @params = parameters }));
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {body}");

        // Either plain JSON or one server-sent event.
        string json = body.Split('\n').FirstOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal))?[6..] ?? body;
        return JsonSerializer.Deserialize<JsonElement>(json);
    }

    /// <summary>Posts a body as it is.</summary>
    public static Task<HttpResponseMessage> PostAsync(HttpClient client, string body, Action<HttpRequestMessage>? change = null)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/mcp") { Content = new StringContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        change?.Invoke(request);
        return client.SendAsync(request);
    }

    private static bool IsError(JsonElement result) => result.TryGetProperty("isError", out JsonElement isError) && isError.GetBoolean();
}
