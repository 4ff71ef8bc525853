namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>The resize of Qwen-VL: sides are multiples of a factor, the area is within a budget, the proportions nearly kept.</summary>
/// <remarks>Source: smart_resize of the Qwen2-VL image processor in transformers.</remarks>
internal static class SmartResize
{
    /// <summary>How many times as long as the shorter side the longer one may be.</summary>
    public const int MaxAspect = 200;

    /// <summary>Computes the size of a picture after the resize, in pixels.</summary>
    /// <exception cref="ArgumentException">The longer side is more than 200 times the shorter.</exception>
    public static (int Width, int Height) Compute(int width, int height, int factor, int minPixels, int maxPixels)
    {
        if (Math.Max(width, height) > (long)MaxAspect * Math.Min(width, height))
        {
            throw new ArgumentException(
                $"The picture has {width} × {height} pixels; for this model the longer side is at most {MaxAspect} times the shorter.");
        }

        (double area, long resizedWidth, long resizedHeight) =
            ((double)width * height, Round((double)width / factor), Round((double)height / factor));
        if (resizedWidth * resizedHeight > maxPixels)
        {
            double shrink = Math.Sqrt(area / maxPixels);
            (resizedWidth, resizedHeight) = (Whole(Math.Floor(width / shrink / factor)), Whole(Math.Floor(height / shrink / factor)));
        }
        else if (resizedWidth * resizedHeight < minPixels)
        {
            double grow = Math.Sqrt(minPixels / area);
            (resizedWidth, resizedHeight) = (Whole(Math.Ceiling(width * grow / factor)), Whole(Math.Ceiling(height * grow / factor)));
        }

        return ((int)resizedWidth, (int)resizedHeight);

        // Halves go to the even neighbour, as Python rounds.
        long Round(double blocks) => Whole(Math.Round(blocks, MidpointRounding.ToEven));

        long Whole(double blocks) => Math.Max(1, (long)blocks) * factor;
    }
}
