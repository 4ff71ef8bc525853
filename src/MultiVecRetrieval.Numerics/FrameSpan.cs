namespace MultiVecRetrieval.Numerics;

/// <summary>A stretch of frames.</summary>
/// <param name="First">Its first frame.</param>
/// <param name="End">The frame after its last one.</param>
/// <param name="Score">The mean score within it, by the lengths of the frames.</param>
public sealed record FrameSpan(int First, int End, double Score);
