namespace MultiVecRetrieval.Numerics;

/// <summary>A span of one video and the span of another one that shows the same.</summary>
/// <param name="First">The span of the first; its score is <paramref name="Similarity"/>.</param>
/// <param name="Second">The span of the second.</param>
/// <param name="Similarity">The mean similarity of the frames that follow each other in both.</param>
/// <param name="Score">Seconds that match, each weighed by how far above the threshold its similarity is, in (0, 1]; less what does not
/// match. Higher is surer.</param>
public sealed record AlignedSpans(Moment First, Moment Second, double Similarity, double Score)
{
    /// <summary>How many times as fast the second runs as the first.</summary>
    public double Speed => First.Length / Second.Length;
}
