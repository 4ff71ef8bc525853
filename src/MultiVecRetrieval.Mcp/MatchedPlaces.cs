using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Mcp;

/// <summary>Where in an entry a question is met, to be framed in its picture.</summary>
internal static class MatchedPlaces
{
    // A match that is the whole picture says nothing of where.
    private const float MaxShare = 0.9f;

    /// <summary>
    /// The boxes of likely matches: words where they stand, and what models saw. Where none of an answer has a place of its own, the lines
    /// of its passage.
    /// </summary>
    /// <param name="hit">The entry as a search found it.</param>
    /// <param name="time">Of a video the moment that is shown, in seconds; null for any.</param>
    public static IReadOnlyList<Place> Of(SearchHit hit, double? time)
    {
        Place[] matches = [.. Select(hit.Matches.Where(match => match.IsLikely).SelectMany(match => match.Places))];
        return matches.Length > 0 || !hit.IsLikely ? matches : [.. Select(hit.Passage?.Places ?? [])];

        IEnumerable<Place> Select(IEnumerable<Place> places) => places
            .Where(place => (place.Right - place.Left) * (place.Bottom - place.Top) < MaxShare)
            .Where(place => time is not { } shown || !place.HasSpan || (place.StartSeconds <= shown && shown <= place.EndSeconds))
            .Select(place => place with { StartSeconds = 0, EndSeconds = 0 });
    }
}
