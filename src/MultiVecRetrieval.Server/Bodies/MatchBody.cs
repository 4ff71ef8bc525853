using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Server.Bodies;

/// <summary>What matched, where and how well.</summary>
/// <param name="Label">The query word, or the whole query.</param>
/// <param name="Similarity">Higher is closer; at most 1 for vectors.</param>
/// <param name="Box">[left, top, right, bottom] as shares of width and height; null for the whole picture.</param>
/// <param name="Span">[start, end] in seconds; null for a still picture.</param>
/// <param name="Source">The side that matched: vectors:SPACE, text or duplicate.</param>
/// <param name="IsLikely">False when the model gives as high a similarity to what is not there: show it as doubtful, not as found.</param>
public sealed record MatchBody(
    string Label, double Similarity, IReadOnlyList<double>? Box, IReadOnlyList<double>? Span, string Source, bool IsLikely)
{
    /// <summary>Maps a match.</summary>
    public static MatchBody From(HitMatch match)
    {
        ArgumentNullException.ThrowIfNull(match);
        Place place = match.Place;
        bool isWhole = place is { Left: <= 0, Top: <= 0, Right: >= 1, Bottom: >= 1 };
        return new MatchBody(
            match.Label,
            Math.Round(match.Similarity, 4),
            isWhole ? null : [Math.Round(place.Left, 5), Math.Round(place.Top, 5), Math.Round(place.Right, 5), Math.Round(place.Bottom, 5)],
            place.HasSpan ? [Math.Round(place.StartSeconds, 3), Math.Round(place.EndSeconds, 3)] : null,
            match.Source,
            match.IsLikely);
    }
}
