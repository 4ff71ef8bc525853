namespace MultiVecRetrieval.Encoding.Folders;

/// <summary>The video side of an <see cref="EncoderDescription"/>.</summary>
internal sealed record VideoDescription
{
    /// <summary>The graph, relative to the folder; <c>onnx/video_model.onnx</c> where it is there, else that of pictures where it takes
    /// <c>pixel_values_videos</c>.</summary>
    public string? Graph { get; init; }

    /// <summary>What a video is put into: a text that holds the video token once. The family's by default.</summary>
    public string? Prompt { get; init; }

    /// <summary>Frames of a video, evenly spaced, 2 to 64. Default 8.</summary>
    public int? Frames { get; init; }

    /// <summary>Tokens of a frame at least; the family's or the preprocessor file's by default.</summary>
    public int? MinFrameTokens { get; init; }

    /// <summary>Tokens of a frame at most; by default the smaller of the family's and the file's.</summary>
    public int? MaxFrameTokens { get; init; }
}
