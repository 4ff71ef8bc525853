namespace MultiVecRetrieval.Encoding;

/// <summary>Frames that stand for a video, or a span of one, to a model that takes videos.</summary>
public sealed record VideoClip
{
    /// <summary>The frames in the order of time, as many as <see cref="ModelContract.VideoFrameCount"/> says.</summary>
    public required IReadOnlyList<RgbImage> Frames { get; init; }

    /// <summary>When each frame is shown, in seconds; ascending.</summary>
    public required IReadOnlyList<double> TimesSeconds { get; init; }

    /// <summary>Start of the span, in seconds.</summary>
    public double StartSeconds { get; init; }

    /// <summary>End of the span, in seconds; after the start.</summary>
    public required double EndSeconds { get; init; }

    internal void Validate()
    {
        bool isForward = Enumerable.Range(0, TimesSeconds.Count).All(i => double.IsFinite(TimesSeconds[i])
            && TimesSeconds[i] >= (i == 0 ? 0 : TimesSeconds[i - 1]));
        if (!isForward || !(StartSeconds >= 0) || !(EndSeconds > StartSeconds) || !double.IsFinite(EndSeconds))
        {
            throw new ArgumentException(
                $"The clip lasts from {StartSeconds} to {EndSeconds} s with frames at {string.Join(", ", TimesSeconds)}; "
                    + "times are finite, at least 0 and run forward.");
        }
    }
}
