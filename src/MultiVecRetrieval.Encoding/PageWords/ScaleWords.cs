using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>The words found in a picture at one scale.</summary>
internal sealed record ScaleWords(GrayPlane Plane, InkGrid Grid, IReadOnlyList<WordCells> Words)
{
    /// <summary>The box of a word in relative coordinates of the picture, without the padding.</summary>
    public Place GetPlace(WordCells word, int cellWidth, int cellHeight) => new(
        Math.Min(1, (float)(word.Left * cellWidth) / Plane.Width),
        Math.Min(1, (float)(word.Top * cellHeight) / Plane.Height),
        Math.Min(1, (float)(word.Right * cellWidth) / Plane.Width),
        Math.Min(1, (float)(word.Bottom * cellHeight) / Plane.Height));
}
