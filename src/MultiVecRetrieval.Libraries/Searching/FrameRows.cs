using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>The rows of one frame of a video.</summary>
/// <param name="Span">A place with the span of the frame.</param>
/// <param name="Rows">Its rows with their places; a merged row belongs to every frame that it stands for.</param>
internal sealed record FrameRows(Place Span, (int Row, Place Place)[] Rows)
{
    /// <summary>Every frame of a video in the order of time, without the row that stands for all of it.</summary>
    public static IReadOnlyList<FrameRows> Of(MultiVector video)
    {
        Place? whole = FindWhole(video);
        return
        [
            .. Places(video).Where(seen => seen.Place.HasSpan && !(whole is { } all && IsSpan(seen.Place, all)))
                .GroupBy(seen => (seen.Place.StartSeconds, seen.Place.EndSeconds)).OrderBy(frame => frame.Key)
                .Select(frame => new FrameRows(frame.First().Place, [.. frame])),
        ];
    }

    /// <summary>A place with the span of the row that stands for a whole video beside its frames; null when there is none.</summary>
    /// <remarks>Spans of frames tile a video: one that covers others is of the whole.</remarks>
    public static Place? FindWhole(MultiVector video)
    {
        Place[] spans = [.. Places(video).Select(seen => seen.Place).Where(place => place.HasSpan)];
        if (spans.Length == 0)
        {
            return null;
        }

        (float start, float end) = (spans.Min(place => place.StartSeconds), spans.Max(place => place.EndSeconds));
        Place all = Place.Whole with { StartSeconds = start, EndSeconds = end };
        return spans.Any(place => IsSpan(place, all)) && spans.Any(place => !IsSpan(place, all)) ? all : null;
    }

    /// <summary>True when two places have the same span.</summary>
    public static bool IsSpan(Place place, Place other) =>
        place.StartSeconds == other.StartSeconds && place.EndSeconds == other.EndSeconds;

    private static IEnumerable<(int Row, Place Place)> Places(MultiVector video) =>
        Enumerable.Range(0, video.Places.IsEmpty ? 0 : video.RowCount)
            .SelectMany(row => video.PlacesOf(row).ToArray().Select(place => (row, place)));
}
