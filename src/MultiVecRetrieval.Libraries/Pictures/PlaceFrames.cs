using MultiVecRetrieval.Encoding;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Libraries.Pictures;

/// <summary>Draws frames around places of a picture.</summary>
internal static class PlaceFrames
{
    // A line that is seen at any size: 3 pixels of 1200.
    private const int LineShare = 400;
    private const int MinLine = 2;

    // A strong red, which neither paper nor print has.
    private static ReadOnlySpan<byte> Color => [229, 30, 40];

    /// <summary>Draws into the pixels of <paramref name="picture"/>. The line lies outside its box, as far as the picture goes.</summary>
    public static void Draw(RgbImage picture, IReadOnlyList<Place> places)
    {
        int line = Math.Max(MinLine, Math.Max(picture.Width, picture.Height) / LineShare);
        foreach (Place place in places)
        {
            int left = (int)MathF.Round(place.Left * picture.Width);
            int top = (int)MathF.Round(place.Top * picture.Height);
            int right = (int)MathF.Round(place.Right * picture.Width);
            int bottom = (int)MathF.Round(place.Bottom * picture.Height);
            Fill(picture, left - line, top - line, right + line, top);
            Fill(picture, left - line, bottom, right + line, bottom + line);
            Fill(picture, left - line, top, left, bottom);
            Fill(picture, right, top, right + line, bottom);
        }
    }

    // What lies beyond an edge is moved to it, so that a frame around all of the picture is seen.
    private static void Fill(RgbImage picture, int left, int top, int right, int bottom)
    {
        (left, right) = Inside(left, right, picture.Width);
        (top, bottom) = Inside(top, bottom, picture.Height);
        for (int y = top; y < bottom; y++)
        {
            Span<byte> row = picture.Pixels.AsSpan(((y * picture.Width) + left) * 3, (right - left) * 3);
            for (int x = 0; x < row.Length; x += 3)
            {
                Color.CopyTo(row[x..]);
            }
        }
    }

    private static (int Start, int End) Inside(int start, int end, int length)
    {
        int shift = start < 0 ? -start : Math.Min(0, length - end);
        return (Math.Clamp(start + shift, 0, length), Math.Clamp(end + shift, 0, length));
    }
}
