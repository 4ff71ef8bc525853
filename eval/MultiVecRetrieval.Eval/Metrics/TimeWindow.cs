namespace MultiVecRetrieval.Eval.Metrics;

/// <summary>A stretch of a video, true or found.</summary>
/// <param name="Start">Seconds.</param>
/// <param name="End">Seconds; not before the start.</param>
/// <param name="Score">Of one that was found: higher is surer.</param>
internal sealed record TimeWindow(double Start, double End, double Score = 0)
{
    /// <summary>Its length in seconds.</summary>
    public double Length => End - Start;

    /// <summary>What two windows have in common as a share of what either covers, in [0, 1]; 0 for two without length.</summary>
    public double IntersectionOverUnion(TimeWindow other)
    {
        double common = Math.Max(0, Math.Min(End, other.End) - Math.Max(Start, other.Start));
        double covered = Length + other.Length - common;
        return covered > 0 ? common / covered : 0;
    }

    /// <summary>The part of it that lies in a video of this length.</summary>
    public TimeWindow ClippedTo(double duration) =>
        this with { Start = Math.Clamp(Start, 0, duration), End = Math.Clamp(End, 0, duration) };
}
