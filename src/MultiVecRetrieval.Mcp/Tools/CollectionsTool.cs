using ModelContextProtocol.Protocol;
using MultiVecRetrieval.Mcp.Shapes;

namespace MultiVecRetrieval.Mcp.Tools;

/// <summary><c>list_collections</c>.</summary>
internal sealed class CollectionsTool(ToolRoom room) : LibraryTool<NoArguments>(room, Reading(
    "list_collections",
    "List the collections",
    "Lists the collections that can be searched, with the number of their documents and of their pages, pictures, texts and videos.",
    ToolSchema.Of<CollectionItems>()))
{
    protected override Task<CallToolResult> RunAsync(NoArguments arguments, CancellationToken cancellationToken) =>
        Task.FromResult(Give(new CollectionItems { Collections = [.. Room.ListCollections().Select(Describe)] }));

    private CollectionItem Describe(string name)
    {
        CollectionStatistics? statistics = Library.TryGetCollection(name, out string? problem)?.GetStatistics();
        return new CollectionItem
        {
            Name = name,
            Documents = statistics?.DocumentCount ?? 0,
            Entries = statistics?.EntryCount ?? 0,
            EntriesByType = (statistics?.EntriesByType ?? new Dictionary<MediaType, long>())
                .ToDictionary(pair => EntryDescription.Name(pair.Key), pair => pair.Value),
            Problem = problem,
        };
    }
}
