using System.Net;
using System.Text.Json;

namespace MultiVecRetrieval.Tests.Server.Models;

/// <summary>Checks that an answer is an error in the form of OpenAI's API.</summary>
internal static class OpenAiProblems
{
    public static async Task<JsonElement> AssertAsync(HttpResponseMessage response, HttpStatusCode status, string? code, string? param)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        JsonElement error = JsonSerializer.Deserialize<JsonElement>(body).GetProperty("error");
        Assert.Equal(["code", "message", "param", "type"], error.EnumerateObject().Select(member => member.Name).Order());
        Assert.False(string.IsNullOrWhiteSpace(error.GetProperty("message").GetString()));
        Assert.Equal((int)status < 500 ? "invalid_request_error" : "server_error", error.GetProperty("type").GetString());
        Assert.Equal((code, param), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        return error;
    }
}
