using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>An agent is given what a collection says of its question.</summary>
public sealed class AgentSearchTests : StoreFixture
{
    [Fact]
    public async Task TextSearch_OfACollection_FindsTextsWithTheirSource()
    {
        await FillAsync();
        Func<string, CancellationToken, Task<IEnumerable<FoundText>>> search = Library.AsTextSearch("manuals", top: 2);

        FoundText[] found = [.. await search("pump pressure", CancellationToken.None)];

        Assert.Equal("press", found[0].SourceLink);
        Assert.Contains("250 bar", found[0].Text, StringComparison.Ordinal);
        Assert.True(found.Length <= 2);
        Assert.Empty(await search("  ", CancellationToken.None));
        Assert.Empty(await search("quaternion", CancellationToken.None));
        Assert.Empty(await Library.AsTextSearch("manuals", filter: Filter.Equal("meta.lang", "de"))("pump", CancellationToken.None));
        await Assert.ThrowsAsync<CollectionNotFoundException>(() => Library.AsTextSearch("nobody")("pump", CancellationToken.None));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search("pump", new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Agent_WithTheTextSearchOfACollection_ReadsItBeforeItAnswers()
    {
        await FillAsync();
        ListeningClient client = new();
        TextSearchProvider provider = new(Library.AsTextSearch("manuals", found => new TextSearchProvider.TextSearchResult
        {
            SourceName = found.SourceName,
            SourceLink = found.SourceLink,
            Text = found.Text,
            RawRepresentation = found,
        }));
        ChatClientAgent agent = new(client, new ChatClientAgentOptions { AIContextProviders = [provider] });

        await agent.RunAsync("What pressure has the pump?");

        string read = string.Join("\n", client.Heard.Select(message => message.Text));
        Assert.Contains("The pump pressure is 250 bar.", read, StringComparison.Ordinal);
        Assert.Contains("press", read, StringComparison.Ordinal);
        Assert.DoesNotContain("otters", read, StringComparison.Ordinal);
    }

    private async Task FillAsync()
    {
        Library.Records.Create("manuals", []);
        await Library.Records.UpsertAsync("manuals",
        [
            new VectorRecord { Key = "press", Payload = """{ "text": "The pump pressure is 250 bar.", "lang": "en" }""" },
            new VectorRecord { Key = "zoo", Payload = """{ "text": "Nine otters sleep.", "lang": "en" }""" },
        ]);
    }

    private sealed class ListeningClient : IChatClient
    {
        public IReadOnlyList<ChatMessage> Heard { get; private set; } = [];

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Heard = [.. messages];
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "250 bar.")));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

        public void Dispose()
        {
        }
    }
}
