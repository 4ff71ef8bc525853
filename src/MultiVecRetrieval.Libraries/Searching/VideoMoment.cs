using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>The moment of a video at which a query as a whole matches best.</summary>
/// <param name="Similarities">The best similarity within the moment, for each row of the query.</param>
/// <param name="Places">Where it was found; all have the span of the moment.</param>
internal sealed record VideoMoment(IReadOnlyList<double> Similarities, IReadOnlyList<Place> Places)
{
    /// <summary>
    /// Finds the moment with the largest sum, over the rows of the query, of the best similarity among the rows of that moment.
    /// Similarities of at least <paramref name="presence"/> are compared first: a frame full of other words has a fair similarity for
    /// every word, and many of those must not outweigh one that is there.
    /// </summary>
    /// <param name="query">Rows of the query.</param>
    /// <param name="video">Rows of the video; those of one frame share a span, and a merged row belongs to every frame that it stands
    /// for.</param>
    /// <param name="presence">Similarity from which a row of the query counts as seen; negative infinity when all do.</param>
    /// <returns>The earliest of the best moments; null when no row of the video has a span.</returns>
    public static VideoMoment? Find(MultiVectorView query, MultiVector video, double presence)
    {
        if (video.Places.IsEmpty)
        {
            return null;
        }

        (double Seen, double All) bestSum = (double.NegativeInfinity, double.NegativeInfinity);
        VideoMoment? best = null;
        foreach (IGrouping<(float, float), (int Row, Place Place)> moment in Enumerable.Range(0, video.RowCount)
            .SelectMany(row => video.PlacesOf(row).ToArray().Select(place => (Row: row, Place: place)))
            .Where(seen => seen.Place.HasSpan)
            .GroupBy(seen => (seen.Place.StartSeconds, seen.Place.EndSeconds))
            .OrderBy(moment => moment.Key))
        {
            VideoMoment candidate = Match(query, video, [.. moment]);
            (double Seen, double All) sum = (candidate.Similarities.Where(value => value >= presence).Sum(), candidate.Similarities.Sum());
            if (sum.CompareTo(bestSum) > 0)
            {
                (bestSum, best) = (sum, candidate);
            }
        }

        return best;
    }

    private static VideoMoment Match(MultiVectorView query, MultiVector video, (int Row, Place Place)[] rows)
    {
        double[] similarities = new double[query.RowCount];
        Place[] places = new Place[query.RowCount];
        for (int i = 0; i < query.RowCount; i++)
        {
            similarities[i] = double.NegativeInfinity;
            foreach ((int row, Place place) in rows)
            {
                double similarity = TensorPrimitives.Dot(query.Row(i), video.Row(row));
                if (similarity > similarities[i])
                {
                    (similarities[i], places[i]) = (similarity, place);
                }
            }
        }

        return new VideoMoment(similarities, places);
    }
}
