using MultiVecRetrieval.Numerics;

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

    /// <summary>A part of the picture, with its own copy of the pixels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is empty or reaches beyond the picture.</exception>
    public RgbImage Crop(int left, int top, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Width - left);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Height - top);
        byte[] pixels = GC.AllocateUninitializedArray<byte>(width * height * 3);
        for (int y = 0; y < height; y++)
        {
            Pixels.AsSpan((((top + y) * Width) + left) * 3, width * 3).CopyTo(pixels.AsSpan(y * width * 3));
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>The part of the picture in a box; at least one pixel.</summary>
    /// <param name="box">Its box in relative coordinates.</param>
    public RgbImage Crop(Place box)
    {
        int left = Math.Clamp((int)MathF.Floor(box.Left * Width), 0, Width - 1);
        int top = Math.Clamp((int)MathF.Floor(box.Top * Height), 0, Height - 1);
        int right = Math.Clamp((int)MathF.Ceiling(box.Right * Width), left + 1, Width);
        int bottom = Math.Clamp((int)MathF.Ceiling(box.Bottom * Height), top + 1, Height);
        return Crop(left, top, right - left, bottom - top);
    }
}
