using System.Numerics.Tensors;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Searching;

/// <summary>How a query matches each frame of a video.</summary>
/// <param name="Place">A place with the span of the frame.</param>
/// <param name="Similarities">The best similarity within the frame, for each row of the query.</param>
/// <param name="Places">Where it was found.</param>
internal sealed record VideoFrame(Place Place, double[] Similarities, Place[] Places)
{
    /// <summary>Every frame, in the order of time.</summary>
    /// <param name="query">Rows of the query.</param>
    /// <param name="video">Rows of the video; those of one frame share a span, and a merged row belongs to every frame that it stands
    /// for.</param>
    public static IReadOnlyList<VideoFrame> Match(MultiVectorView query, MultiVector video)
    {
        // A view is a ref struct, which no lambda takes.
        List<VideoFrame> frames = [];
        foreach (FrameRows frame in FrameRows.Of(video))
        {
            frames.Add(Match(query, video, frame.Rows));
        }

        return frames;
    }

    /// <summary>
    /// The frame with the largest sum, over the rows of the query, of the best similarity. Similarities of at least
    /// <paramref name="presence"/> are compared first: a frame full of other words has a fair similarity for every word, and many of
    /// those must not outweigh one that is there.
    /// </summary>
    /// <param name="frames">The frames.</param>
    /// <param name="presence">Similarity from which a row of the query counts as seen; negative infinity when all do.</param>
    /// <returns>The earliest of the best ones; null when there are none.</returns>
    public static VideoFrame? FindBest(IReadOnlyList<VideoFrame> frames, double presence) => frames
        .MaxBy(frame => (frame.Similarities.Where(value => value >= presence).Sum(), frame.Similarities.Sum()));

    /// <summary>The stretches in which the query as a whole is met, best first; none where spans of frames overlap.</summary>
    public static IReadOnlyList<Moment> FindMoments(IReadOnlyList<VideoFrame> frames, int count)
    {
        double[] starts = [.. frames.Select(frame => (double)frame.Place.StartSeconds)];
        double[] ends = [.. frames.Select(frame => (double)frame.Place.EndSeconds)];
        return Enumerable.Range(1, Math.Max(0, frames.Count - 1)).Any(i => starts[i] < ends[i - 1] - 1e-3)
            ? []
            : MomentFinder.Find(starts, ends, [.. frames.Select(frame => frame.Similarities.Average())], count);
    }

    private static VideoFrame Match(MultiVectorView query, MultiVector video, (int Row, Place Place)[] rows)
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

        return new VideoFrame(rows[0].Place, similarities, places);
    }
}
