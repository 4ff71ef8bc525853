using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Server.Bodies;

/// <summary>A place in an entry.</summary>
/// <param name="Box">[left, top, right, bottom] as shares of width and height; null for the whole picture.</param>
/// <param name="Span">[start, end] in seconds; null for a still picture.</param>
public sealed record PlaceBody(IReadOnlyList<double>? Box, IReadOnlyList<double>? Span)
{
    /// <summary>Maps a place.</summary>
    public static PlaceBody From(Place place)
    {
        bool isWhole = place is { Left: <= 0, Top: <= 0, Right: >= 1, Bottom: >= 1 };
        return new PlaceBody(
            isWhole ? null : [Math.Round(place.Left, 5), Math.Round(place.Top, 5), Math.Round(place.Right, 5), Math.Round(place.Bottom, 5)],
            place.HasSpan ? [Math.Round(place.StartSeconds, 3), Math.Round(place.EndSeconds, 3)] : null);
    }
}
