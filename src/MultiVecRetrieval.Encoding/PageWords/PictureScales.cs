namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>Chooses the longer sides at which a picture is read.</summary>
internal static class PictureScales
{
    // Two scales this close see the same text at the same size.
    private const double NearlyEqual = 1.15;

    /// <summary>The ladder with the highest top that <paramref name="longSide"/> reaches, else the one with the lowest top.</summary>
    public static IReadOnlyList<int> ChooseLadder(IReadOnlyList<IReadOnlyList<int>> ladders, int longSide) =>
        ladders.Where(ladder => ladder.Max() <= longSide).MaxBy(ladder => ladder.Max())
        ?? ladders.MinBy(ladder => ladder.Max())
        ?? [];

    /// <summary>The sides of <paramref name="longSides"/> that make sense for a picture, in ascending order; its own size when none is
    /// given.</summary>
    /// <param name="longSides">Longer sides asked for.</param>
    /// <param name="longSide">The picture's longer side.</param>
    /// <param name="maxEnlargement">Sides beyond this multiple of the picture's are lowered to it: there is nothing more to see.</param>
    public static IReadOnlyList<int> Choose(IReadOnlyList<int> longSides, int longSide, float maxEnlargement)
    {
        if (longSides.Count <= 1)
        {
            return longSides.Count == 1 ? longSides : [longSide];
        }

        int largest = Math.Max(16, (int)(longSide * maxEnlargement));
        List<int> chosen = [];
        foreach (int side in longSides.Select(side => Math.Min(side, largest)).OrderDescending())
        {
            if (chosen.Count == 0 || side * NearlyEqual < chosen[^1])
            {
                chosen.Add(side);
            }
        }

        chosen.Reverse();
        return chosen;
    }
}
