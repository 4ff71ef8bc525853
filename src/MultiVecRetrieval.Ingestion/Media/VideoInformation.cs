namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>What a video says about itself.</summary>
/// <param name="Width">Width in pixels as it is shown, after rotation and with square pixels.</param>
/// <param name="Height">Height in pixels as it is shown, after rotation.</param>
/// <param name="DurationSeconds">Length in seconds, above 0.</param>
/// <param name="FramesPerSecond">Average frame rate; 0 when it is unknown.</param>
/// <param name="Codec">Name of the video codec, as ffprobe calls it.</param>
/// <param name="Container">Name of the container, as ffprobe calls it.</param>
/// <param name="RotationDegrees">Clockwise rotation that was applied for showing: 0, 90, 180 or 270.</param>
public sealed record VideoInformation(
    int Width, int Height, double DurationSeconds, double FramesPerSecond, string Codec, string Container, int RotationDegrees);
