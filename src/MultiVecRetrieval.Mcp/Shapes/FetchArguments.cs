using System.ComponentModel;

namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>What <c>fetch</c> takes.</summary>
internal sealed record FetchArguments
{
    [Description("An id of a search result; the id of a document gives the text of all its pages.")]
    public required string Id { get; init; }

    [Description("Characters of the text to skip, to go on where a long one was cut. Default 0.")]
    public int? Offset { get; init; }
}
