using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.VectorData;
using MultiVecRetrieval.VectorData;

namespace MultiVecRetrieval.Tests.VectorData;

/// <summary>The examples of docs/dotnet.md, kept equal to it by <see cref="DotNetPageTests"/>, so that they compile and run.</summary>
internal static class DotNetExample
{
    // record begins
    public sealed class Page
    {
        [VectorStoreKey]
        public string Id { get; set; } = "";

        [VectorStoreData(IsFullTextIndexed = true)]
        public string Text { get; set; } = "";

        [VectorStoreData]
        public string[] Tags { get; set; } = [];

        // One vector for each word or patch, 128 values each.
        [VectorStoreVector(128, DistanceFunction = MultiVecDistance.MaxSim)]
        public float[][]? Rows { get; set; }
    }
    // record ends

    public static async Task StoreAsync(Page page, float[][] question, TextWriter Console)
    {
        // store begins
        using Library library = new(new LibraryOptions { DataFolder = "indexes" });
        MultiVecCollection<string, Page> pages = library.AsVectorStore().GetCollection<string, Page>("pages");
        await pages.EnsureCollectionExistsAsync();
        await pages.UpsertAsync(page);

        await foreach (VectorSearchResult<Page> hit in pages.SearchAsync(
            question, top: 5, new() { Filter = p => p.Tags.Contains("manual") && p.Text != "" }))
        {
            Console.WriteLine($"{hit.Record.Id} {hit.Score:0.00}");
        }

        await foreach (VectorSearchResult<Page> hit in pages.HybridSearchAsync(question, ["pressure"], top: 5))
        {
            Console.WriteLine(hit.Record.Text);
        }
        // store ends
    }

    public static async Task<float[]> EmbedAsync(Library library, string model)
    {
        // embeddings begins
        IEmbeddingGenerator<string, Embedding<float>> generator = library.AsEmbeddingGenerator(model);
        ReadOnlyMemory<float> vector = await generator.GenerateVectorAsync("pump pressure");
        // embeddings ends
        return vector.ToArray();
    }

    public static void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        // services begins
        services.AddMultiVecRetrieval(configuration.GetSection("MultiVecRetrieval"));
        services.AddMultiVecVectorStore();
        services.AddMultiVecCollection<string, Page>("pages");
        services.AddHealthChecks().AddCheck<LibraryHealthCheck>("multivecretrieval");
        // services ends
    }

    public static AIAgent CreateAgent(Library library, IChatClient client)
    {
        // agent begins
        TextSearchProvider manuals = new(library.AsTextSearch("manuals", found => new TextSearchProvider.TextSearchResult
        {
            SourceName = found.SourceName,
            SourceLink = found.SourceLink,
            Text = found.Text,
        }));
        AIAgent agent = new ChatClientAgent(client, new ChatClientAgentOptions { AIContextProviders = [manuals] });
        // agent ends
        return agent;
    }
}
