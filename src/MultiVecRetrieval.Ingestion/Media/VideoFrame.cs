using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>A frame that stands for a span of a video.</summary>
/// <param name="Image">The picture, upright.</param>
/// <param name="TimeSeconds">When it is shown; within the span.</param>
/// <param name="StartSeconds">Start of the span; the end of the span before, or 0.</param>
/// <param name="EndSeconds">End of the span, not included; of the last frame, the length of the video.</param>
public sealed record VideoFrame(RgbImage Image, double TimeSeconds, double StartSeconds, double EndSeconds);
