using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// Cuts a very tall or wide picture into pieces. A model sees a picture at a bounded size, so that the words of a long screenshot
/// would shrink to nothing.
/// </summary>
internal static class PictureStrip
{
    /// <summary>A picture whose sides differ by more than this factor is cut.</summary>
    public const double MaxAspect = 6;

    private const int PieceAspect = 3;

    // Pieces share an eighth of the short side, so that a line of words at a cut is whole in one of them.
    private const int OverlapShare = 8;

    /// <summary>The pieces in order with their boxes; none for a picture that need not be cut.</summary>
    public static IEnumerable<(RgbImage Image, Place Box)> Cut(RgbImage image)
    {
        int shortSide = Math.Min(image.Width, image.Height);
        int longSide = Math.Max(image.Width, image.Height);
        if (longSide <= MaxAspect * shortSide)
        {
            yield break;
        }

        int length = Math.Min(longSide, shortSide * PieceAspect);
        int step = length - (shortSide / OverlapShare);
        for (int start = 0; ; start += step)
        {
            // The last piece is as long as the others: it begins earlier.
            int from = Math.Min(start, longSide - length);
            yield return image.Height > image.Width
                ? (image.Crop(0, from, image.Width, length), new Place(0, Share(from), 1, Share(from + length)))
                : (image.Crop(from, 0, length, image.Height), new Place(Share(from), 0, Share(from + length), 1));
            if (from + length >= longSide)
            {
                yield break;
            }
        }

        float Share(int position) => (float)position / longSide;
    }
}
