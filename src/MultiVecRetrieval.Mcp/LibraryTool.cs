using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace MultiVecRetrieval.Mcp;

/// <summary>A tool over a library: reads its arguments, runs, and turns every failure into a result that says what was wrong.</summary>
/// <typeparam name="TArguments">The arguments, as a record whose members are described.</typeparam>
internal abstract class LibraryTool<TArguments>(ToolRoom room, Tool protocolTool) : McpServerTool
{
    public sealed override Tool ProtocolTool { get; } = protocolTool;

    public sealed override IReadOnlyList<object> Metadata => [];

    protected ToolRoom Room { get; } = room;

    protected Library Library => Room.Library;

    protected McpOptions Options => Room.Options;

    public sealed override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return await RunAsync(ToolJson.Read<TArguments>(request.Params?.Arguments), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // The edge to the model: what failed is a result with a sentence, never a broken connection.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return ToolErrors.Describe(ProtocolTool.Name, exception, Room.Logger);
        }
    }

    protected abstract Task<CallToolResult> RunAsync(TArguments arguments, CancellationToken cancellationToken);

    /// <summary>What the list of tools says of a tool that changes nothing.</summary>
    protected static Tool Reading(string name, string title, string description, JsonElement? outputSchema = null) => new()
    {
        Name = name,
        Title = title,
        Description = description,
        InputSchema = ToolSchema.Of<TArguments>(),
        OutputSchema = outputSchema,
        Annotations = new ToolAnnotations
        {
            Title = title,
            ReadOnlyHint = true,
            DestructiveHint = false,
            IdempotentHint = true,
            OpenWorldHint = false,
        },
    };

    /// <summary>The result as structured content, and as one text that is the same JSON.</summary>
    protected static CallToolResult Give<T>(T result) => new()
    {
        Content = [new TextContentBlock { Text = JsonSerializer.Serialize(result, ToolJson.Options) }],
        StructuredContent = JsonSerializer.SerializeToElement(result, ToolJson.Options),
    };
}
