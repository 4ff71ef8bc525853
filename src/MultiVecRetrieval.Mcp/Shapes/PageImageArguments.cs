using System.ComponentModel;

namespace MultiVecRetrieval.Mcp.Shapes;

/// <summary>What <c>get_page_image</c> takes.</summary>
internal sealed record PageImageArguments
{
    [Description("An id of a search result: a page, a picture or a video.")]
    public required string Id { get; init; }

    [Description("Draws red frames around what matches these words; of a video, shows the moment that matches best.")]
    public string? Query { get; init; }

    [Description("Of a video the moment to show, in seconds.")]
    public double? Time { get; init; }

    [Description("Pixels of the longer side at most, 64 to 2048. Default 1280.")]
    public int? Size { get; init; }

    [Description("Bytes of the JPEG at most, 20000 to 4000000; it is made smaller until it fits. Default 700000.")]
    public int? MaxBytes { get; init; }
}
