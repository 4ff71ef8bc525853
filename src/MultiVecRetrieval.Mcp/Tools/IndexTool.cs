using ModelContextProtocol.Protocol;
using MultiVecRetrieval.Mcp.Shapes;

namespace MultiVecRetrieval.Mcp.Tools;

/// <summary><c>index</c>: adds files of this machine as a job; offered only where folders are allowed.</summary>
internal sealed class IndexTool(ToolRoom room) : LibraryTool<IndexArguments>(room, Describe(room.Options.IndexFolders!))
{
    private const string StandardCollection = "default";
    private const int MaxPaths = 1000;

    protected override Task<CallToolResult> RunAsync(IndexArguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Paths.Count is < 1 or > MaxPaths || arguments.Paths.Any(string.IsNullOrWhiteSpace))
        {
            throw new ToolException($"paths must list 1 to {MaxPaths} texts, none of them empty.");
        }

        string[] paths = [.. arguments.Paths.Select(Options.IndexFolders!.Resolve)];
        string collection = arguments.Collection ?? Options.DefaultCollection ?? StandardCollection;
        Room.CheckOpen(collection);
        if (!Library.CollectionExists(collection))
        {
            Library.CreateCollection(collection);
        }

        LibraryJob job = Library.Jobs.StartIndex(new IndexRequest { Collection = collection, Paths = paths });
        return Task.FromResult(Give(
            new StartedJob { Job = job.Id, Collection = collection, State = job.State.ToString().ToLowerInvariant() }));
    }

    private static Tool Describe(AllowedFolders folders)
    {
        Tool tool = Reading(
            "index",
            "Index files",
            $"Adds files and folders of this machine to a collection, so that search finds them. Only below {string.Join(", ", folders.Folders)}. "
            + "Starts a job and returns at once; status tells how far it is. Unchanged files are skipped.",
            ToolSchema.Of<StartedJob>());
        tool.Annotations!.ReadOnlyHint = false;
        return tool;
    }
}
