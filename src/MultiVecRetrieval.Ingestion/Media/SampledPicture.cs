using MultiVecRetrieval.Encoding;

namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>A frame that ffmpeg let through.</summary>
/// <param name="Image">The picture.</param>
/// <param name="TimeSeconds">When it is shown.</param>
/// <param name="SceneScore">How much it differs from the frame before it, in [0, 1].</param>
internal sealed record SampledPicture(RgbImage Image, double TimeSeconds, double SceneScore);
