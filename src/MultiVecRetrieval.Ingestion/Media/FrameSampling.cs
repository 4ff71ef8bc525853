namespace MultiVecRetrieval.Ingestion.Media;

/// <summary>Which frames of a video are looked at.</summary>
public sealed record FrameSampling
{
    /// <summary>Frames per second looked at; 0 takes segment midpoints only (Frozen in Time, arXiv:2104.00650). Default 1.</summary>
    public double FramesPerSecond { get; init; } = 1;

    /// <summary>Number of equal segments whose midpoints are taken when <see cref="FramesPerSecond"/> is 0. At least 1. Default
    /// 8.</summary>
    public int SegmentCount { get; init; } = 8;

    /// <summary>The longer side of a frame is reduced to this many pixels; smaller frames are left alone. Default 1280.</summary>
    public int LongSideInPixels { get; init; } = 1280;

    /// <summary>
    /// Neighbours in one shot whose perceptual hashes differ in at most this many bits are one frame with a joint span;
    /// 0 keeps all. In [0, 64]. Default 4.
    /// </summary>
    public int DuplicateDistance { get; init; } = 4;

    /// <summary>
    /// Which video track of a file is read: 0, the default, the one that players show; n the n-th, counted from 1 without covers. Where
    /// there are fewer it is the one that players show. Pictures of hits are of this track too, so files are indexed again after a change.
    /// </summary>
    public int VideoTrack { get; init; }

    /// <summary>
    /// A change between two frames above this is a shot cut (ffmpeg's scene score, in (0, 1]); a span never crosses one.
    /// 1 looks for none. Default 0.3.
    /// </summary>
    public double CutThreshold { get; init; } = 0.3;
}
