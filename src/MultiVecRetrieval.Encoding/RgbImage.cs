namespace MultiVecRetrieval.Encoding;

/// <summary>A decoded picture: 8-bit RGB, interleaved, row-major, no padding.</summary>
public sealed class RgbImage
{
    /// <summary>Wraps <paramref name="pixels"/> without copying.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="pixels">[height × width × 3] bytes, red first.</param>
    /// <exception cref="ArgumentException">The length is not width × height × 3.</exception>
    public RgbImage(int width, int height, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.LongLength != (long)width * height * 3)
        {
            throw new ArgumentException($"{pixels.LongLength} bytes given for {width} × {height} RGB pixels.", nameof(pixels));
        }

        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>[height × width × 3] bytes, red first.</summary>
    public byte[] Pixels { get; }
}
