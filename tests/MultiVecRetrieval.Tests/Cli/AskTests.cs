using MultiVecRetrieval.Tests.Libraries.Answers;

namespace MultiVecRetrieval.Tests.Cli;

public sealed class AskTests : IDisposable
{
    private readonly TemporaryFolder _data = new();

    public AskTests() => TextCollection.Write(_data.FullName, ("tides.pdf", ["The tide of the harbour rises twice a day."]));

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Ask_WithoutAModel_PrintsTheContextAsMarkdown()
    {
        ToolResult result = Ask("harbour", "tide");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("Answer the question from the sources", result.Output, StringComparison.Ordinal);
        Assert.Contains("The tide of the harbour", result.Output, StringComparison.Ordinal);
        Assert.Contains("answer:endpoint", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_NothingFound_SaysSo()
    {
        ToolResult result = Ask("zeppelin");

        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains("Nothing was found", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_Model_PrintsTheAnswerAndItsSources()
    {
        await using ChatServer chat = await ChatServer.StartAsync();
        chat.Pieces = ["It \"rises twice a day\" [1] \u001b[31m[4]."];

        ToolResult result = Ask("tide", "--set", $"answer:endpoint={chat.Address}", "--set", "answer:model=planted");

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("\u001b", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("It \"rises twice a day\" [1]", result.Output, StringComparison.Ordinal);
        Assert.Contains("[1] tides.pdf#page=1  (quoted word for word)", result.Output, StringComparison.Ordinal);
        Assert.Contains("were dropped: 4", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ModelFails_ExitsWith1()
    {
        await using ChatServer chat = await ChatServer.StartAsync();
        chat.Intercept = context =>
        {
            context.Response.StatusCode = 400;
            return Task.FromResult(true);
        };

        ToolResult result = Ask("tide", "--json", "--set", $"answer:endpoint={chat.Address}", "--set", "answer:model=planted");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("gave no answer: status 400", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Ask_Json_HasSources()
    {
        ToolResult result = Ask("tide", "--json", "--context-only");

        Assert.Equal("contextOnly", result.Json.GetProperty("state").GetString());
        Assert.Equal(1, result.Json.GetProperty("context").GetProperty("sources").GetArrayLength());
    }

    private ToolResult Ask(params string[] arguments) =>
        Tool.Run(["ask", .. arguments, "--data", _data.FullName, "--collection", TextCollection.Name]);
}
