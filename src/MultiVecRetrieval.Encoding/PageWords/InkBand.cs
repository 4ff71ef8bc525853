using MultiVecRetrieval.Encoding.Folders;

namespace MultiVecRetrieval.Encoding.PageWords;

/// <summary>A horizontal band of a picture that is encoded by itself, in pixels.</summary>
/// <param name="Top">First pixel row that the graph sees.</param>
/// <param name="Height">Pixel rows that the graph sees.</param>
/// <param name="KeepTop">First pixel row whose cells are kept.</param>
/// <param name="KeepHeight">Pixel rows whose cells are kept.</param>
internal readonly record struct InkBand(int Top, int Height, int KeepTop, int KeepHeight)
{
    /// <summary>Splits a picture into bands of nearly equal height that overlap as described.</summary>
    public static IEnumerable<InkBand> Split(int height, InkGridDescription grid)
    {
        int multiples = height / grid.SizeMultiple;
        int count = grid.BandHeight == 0 ? 1 : (height + grid.BandHeight - 1) / grid.BandHeight;
        for (int i = 0; i < count; i++)
        {
            int keepTop = (int)((long)multiples * i / count) * grid.SizeMultiple;
            int keepEnd = (int)((long)multiples * (i + 1) / count) * grid.SizeMultiple;
            int top = Math.Max(0, keepTop - grid.BandOverlap);
            int end = Math.Min(height, keepEnd + grid.BandOverlap);
            yield return new InkBand(top, end - top, keepTop, keepEnd - keepTop);
        }
    }
}
