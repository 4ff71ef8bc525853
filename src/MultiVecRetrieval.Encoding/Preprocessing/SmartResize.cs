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
        CheckAspect(width, height);
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

    /// <summary>Computes the size of the frames of a video whose budget is of all frames together, in pixels.</summary>
    /// <param name="frameCount">Frames; at least <paramref name="temporalFactor"/>.</param>
    /// <param name="width">Width of a frame.</param>
    /// <param name="height">Height of a frame.</param>
    /// <param name="temporalFactor">Frames that the model joins.</param>
    /// <param name="factor">Sides become multiples of it.</param>
    /// <param name="minPixels">Pixels of all frames at least.</param>
    /// <param name="maxPixels">Pixels of all frames at most.</param>
    /// <exception cref="ArgumentException">The longer side is more than 200 times the shorter.</exception>
    /// <remarks>Source: smart_resize of the Qwen3-VL video processor in transformers.</remarks>
    public static (int Width, int Height) ComputeVideo(
        int frameCount, int width, int height, int temporalFactor, int factor, int minPixels, int maxPixels)
    {
        if (Math.Min(width, height) < factor)
        {
            double scale = Math.Max((double)factor / height, (double)factor / width);
            (width, height) = ((int)(width * scale), (int)(height * scale));
        }

        CheckAspect(width, height);
        (double volume, long resizedWidth, long resizedHeight) =
            ((double)frameCount * width * height, Round((double)width / factor), Round((double)height / factor));
        long frames = (long)Math.Round((double)frameCount / temporalFactor, MidpointRounding.ToEven) * temporalFactor;
        if (frames * resizedWidth * resizedHeight > maxPixels)
        {
            double shrink = Math.Sqrt(volume / maxPixels);
            (resizedWidth, resizedHeight) = (
                Math.Max(1, (long)Math.Floor(width / shrink / factor)) * factor,
                Math.Max(1, (long)Math.Floor(height / shrink / factor)) * factor);
        }
        else if (frames * resizedWidth * resizedHeight < minPixels)
        {
            double grow = Math.Sqrt(minPixels / volume);
            (resizedWidth, resizedHeight) = (
                (long)Math.Ceiling(width * grow / factor) * factor, (long)Math.Ceiling(height * grow / factor) * factor);
        }

        return ((int)resizedWidth, (int)resizedHeight);

        long Round(double blocks) => (long)Math.Round(blocks, MidpointRounding.ToEven) * factor;
    }

    private static void CheckAspect(int width, int height)
    {
        if (Math.Max(width, height) > (long)MaxAspect * Math.Min(width, height))
        {
            throw new ArgumentException(
                $"The picture has {width} × {height} pixels; for this model the longer side is at most {MaxAspect} times the shorter.");
        }
    }
}
