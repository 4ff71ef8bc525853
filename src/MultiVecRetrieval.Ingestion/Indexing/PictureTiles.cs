using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Ingestion.Indexing;

/// <summary>
/// Tiles of a large picture for a model that sees every picture at one size, where small things vanish: the picture is encoded as a whole
/// and by tiles, and found by the best of them (SORCE, arXiv:2505.24441). How many tiles, and in which rows and columns, is chosen as
/// LLaVA-UHD does (arXiv:2403.11703): about as many as the model's input fits into the picture, as square as that allows.
/// </summary>
internal static class PictureTiles
{
    // Of each tile, shared with its neighbour, so that what lies at a cut is whole in one of them if it is no larger.
    private const double Overlap = 0.25;

    /// <summary>The boxes of the tiles, row by row; none for a picture that the model sees as it is.</summary>
    /// <param name="width">Width of the picture in pixels.</param>
    /// <param name="height">Its height.</param>
    /// <param name="modelPixels">Pixels that the model sees.</param>
    /// <param name="most">Tiles at most.</param>
    public static IReadOnlyList<Place> Cut(int width, int height, int modelPixels, int most)
    {
        long ideal = (((long)width * height) + modelPixels - 1) / modelPixels;
        int count = (int)Math.Min(ideal, most);
        if (count < 2)
        {
            return [];
        }

        // The grid whose tiles are nearest to squares, of one tile more or less too; the larger number where two are equally near.
        (int columns, int rows) = Enumerable.Range(count - 1, 3).Where(tiles => tiles >= 2 && tiles <= most).OrderDescending()
            .SelectMany(tiles => Enumerable.Range(1, tiles).Where(across => tiles % across == 0).Select(across => (across, tiles / across)))
            .MinBy(grid => Math.Abs(Math.Log((double)width / grid.Item1 / ((double)height / grid.Item2))));
        (double Start, double End)[] across = Split(columns);
        return [.. Split(rows).SelectMany(row => across.Select(column =>
            new Place((float)column.Start, (float)row.Start, (float)column.End, (float)row.End)))];
    }

    // n tiles of length l that share the overlap o l cover n l - (n - 1) o l = 1.
    private static (double Start, double End)[] Split(int count)
    {
        double length = 1 / (count - ((count - 1) * Overlap));
        return [.. Enumerable.Range(0, count).Select(i => i * length * (1 - Overlap))
            .Select(start => (start, Math.Min(1, start + length)))];
    }
}
