using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A stretch of a video.</summary>
/// <param name="Span">[start, end] in seconds.</param>
/// <param name="Score">The mean similarity of its frames.</param>
public sealed record MomentBody(IReadOnlyList<double> Span, double Score)
{
    /// <summary>Maps a moment.</summary>
    public static MomentBody From(Moment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return new MomentBody([Math.Round(moment.StartSeconds, 3), Math.Round(moment.EndSeconds, 3)], Math.Round(moment.Score, 4));
    }
}
