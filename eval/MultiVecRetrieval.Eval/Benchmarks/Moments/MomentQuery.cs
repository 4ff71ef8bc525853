using MultiVecRetrieval.Eval.Metrics;

namespace MultiVecRetrieval.Eval.Benchmarks.Moments;

/// <summary>A text that is asked of one video, and when in it that is.</summary>
/// <param name="Id">Its id in the benchmark.</param>
/// <param name="Text">What is asked.</param>
/// <param name="Video">Id of the video.</param>
/// <param name="Duration">Length of the video in seconds; 0 where the benchmark does not say.</param>
/// <param name="Truth">The true windows; none where the benchmark keeps them back.</param>
internal sealed record MomentQuery(string Id, string Text, string Video, double Duration, IReadOnlyList<TimeWindow> Truth)
{
    /// <summary>What annotators gave each clip of two seconds, 0 to 4; clips by annotators. Null where nobody was asked.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Saliency { get; init; }
}
