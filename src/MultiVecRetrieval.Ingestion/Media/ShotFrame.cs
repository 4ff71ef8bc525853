namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>A frame with its span and the number of the shot that it belongs to.</summary>
internal sealed record ShotFrame(int Shot, VideoFrame Frame);
