namespace MultiVecRetrieval.Server.Bodies;

/// <summary>What matched, where and how well.</summary>
/// <param name="Label">The query word, or the whole query.</param>
/// <param name="Similarity">Higher is closer; at most 1 for vectors.</param>
/// <param name="Box">[left, top, right, bottom] as shares of width and height; null for the whole picture.</param>
/// <param name="Span">[start, end] in seconds; null for a still picture.</param>
/// <param name="Source">The side that matched: vectors:SPACE, text or duplicate.</param>
/// <param name="IsLikely">False when the model gives as high a similarity to what is not there: show it as doubtful, not as found.</param>
/// <param name="Part">The part of the question that it answers, from 0: text, image and entry first, then parts.</param>
/// <param name="Places">Every place that matched, the nearest first, when they are several: the row was merged of them, and box and span
/// are those around them. Null when box and span say all.</param>
public sealed record MatchBody(
    string Label, double Similarity, IReadOnlyList<double>? Box, IReadOnlyList<double>? Span, string Source, bool IsLikely, int Part,
    IReadOnlyList<PlaceBody>? Places = null)
{
    /// <summary>Maps a match.</summary>
    public static MatchBody From(HitMatch match)
    {
        ArgumentNullException.ThrowIfNull(match);
        PlaceBody around = PlaceBody.From(match.Place);
        return new MatchBody(
            match.Label,
            Math.Round(match.Similarity, 4),
            around.Box,
            around.Span,
            match.Source,
            match.IsLikely,
            match.Part,
            match.Places.Count > 1 ? [.. match.Places.Select(PlaceBody.From)] : null);
    }
}
