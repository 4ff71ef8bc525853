namespace MultiVecRetrieval.Numerics;

/// <summary>A stretch of a video.</summary>
/// <param name="StartSeconds">Its start in seconds.</param>
/// <param name="EndSeconds">Its end in seconds; after the start.</param>
/// <param name="Score">The mean score of its frames.</param>
public sealed record Moment(double StartSeconds, double EndSeconds, double Score)
{
    /// <summary>Its length in seconds.</summary>
    public double Length => EndSeconds - StartSeconds;
}
