using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Eval.Benchmarks.Writing;

/// <summary>A measure of a run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mean">Mean over queries.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end.</param>
internal sealed record MeasureScore(string Name, double Mean, double Low, double High)
{
    /// <summary>The middle value, of ranks; null for the others.</summary>
    public double? Median { get; init; }

    /// <summary>The mean with its interval, for people.</summary>
    public string Text => new ConfidenceInterval(Mean, Low, High).ToString();
}
