using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval;

/// <summary>A span of a video that is in another one, too.</summary>
/// <param name="FirstKey">Key of one video.</param>
/// <param name="First">Its span.</param>
/// <param name="SecondKey">Key of the other.</param>
/// <param name="Second">Its span; of another length where it runs faster or slower.</param>
/// <param name="Similarity">Mean similarity of the frames that follow each other in both, at most 1.</param>
/// <param name="Score">Seconds that match, weighed by how surely; higher is surer.</param>
public sealed record CopiedSegment(
    string FirstKey, Moment First, string SecondKey, Moment Second, double Similarity, double Score)
{
    /// <summary>How many times as fast the second runs as the first.</summary>
    public double Speed => First.Length / Second.Length;
}
