using System.Runtime.Intrinsics.X86;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Resizes 8-bit pictures with exactly the bytes that Pillow's Image.resize gives. Thread-safe.</summary>
/// <remarks>
/// Two passes, horizontal then vertical, each rounded to bytes, with 22-bit fixed-point weights. Working memory is one ring of
/// as many rows as one target row covers. Source: the formulas of Pillow's Resample.c.
/// </remarks>
public static class PillowResampler
{
    /// <summary>Resizes <paramref name="image"/> to the given size; returns it unchanged when it already has that size.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="width">Target width in pixels, at least 1.</param>
    /// <param name="height">Target height in pixels, at least 1.</param>
    /// <param name="filter">The interpolation filter.</param>
    /// <exception cref="ArgumentException">The result or the working memory would not fit an array.</exception>
    public static RgbImage Resize(RgbImage image, int width, int height, ResampleFilter filter)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Width == width && image.Height == height
            ? image
            : new RgbImage(width, height, Resize(image.Pixels, 3, image.Width, image.Height, width, height, filter, Avx2.IsSupported));
    }

    /// <summary>Resizes one 8-bit plane, [height × width] row-major, as Pillow resizes an "L" picture.</summary>
    /// <returns>[targetHeight × targetWidth] bytes, always a new array.</returns>
    /// <exception cref="ArgumentException">The plane has not width × height bytes, or the result would not fit an array.</exception>
    public static byte[] ResizeGray(ReadOnlySpan<byte> plane, int width, int height, int targetWidth, int targetHeight,
        ResampleFilter filter) =>
        Resize(plane, 1, width, height, targetWidth, targetHeight, filter, Avx2.IsSupported);

    /// <summary>The resize behind the public methods; <paramref name="vectorized"/> chooses the AVX2 path or the scalar
    /// definition.</summary>
    internal static byte[] Resize(
        ReadOnlySpan<byte> source, int channels, int width, int height, int targetWidth, int targetHeight, ResampleFilter filter,
            bool vectorized)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetHeight, 1);
        if (source.Length != (long)width * height * channels)
        {
            throw new ArgumentException($"{source.Length} bytes given for {width} × {height} pixels of {channels} bytes.", nameof(source));
        }

        byte[] target = new byte[ArrayLength((long)targetWidth * targetHeight * channels)];
        if (filter == ResampleFilter.Nearest)
        {
            ResizeNearest(source, channels, width, height, target, targetWidth, targetHeight);
            return target;
        }

        HorizontalPass? horizontal = targetWidth == width
            ? null
            : new HorizontalPass(ResampleWeights.Create(width, targetWidth, filter), channels, vectorized);
        ResampleWeights? rows = targetHeight == height ? null : ResampleWeights.Create(height, targetHeight, filter);
        SourceRows sourceRows = new(source, width * channels, horizontal);
        int stride = targetWidth * channels;
        if (rows is null)
        {
            for (int y = 0; y < height; y++)
            {
                sourceRows.CopyTo(y, target.AsSpan(y * stride, stride));
            }

            return target;
        }

        VerticalPass vertical = new(rows, vectorized);
        if (horizontal is null)
        {
            for (int y = 0; y < targetHeight; y++)
            {
                vertical.Apply(y, source, height, stride, target.AsSpan(y * stride, stride));
            }

            return target;
        }

        byte[] ring = new byte[ArrayLength((long)rows.MaxCount * stride)];
        int next = 0;
        for (int y = 0; y < targetHeight; y++)
        {
            int end = rows.First(y) + rows.Count(y);
            for (next = Math.Max(next, rows.First(y)); next < end; next++)
            {
                sourceRows.CopyTo(next, ring.AsSpan(next % rows.MaxCount * stride, stride));
            }

            vertical.Apply(y, ring, rows.MaxCount, stride, target.AsSpan(y * stride, stride));
        }

        return target;
    }

    private static void ResizeNearest(
        ReadOnlySpan<byte> source, int channels, int width, int height, byte[] target, int targetWidth, int targetHeight)
    {
        int[] columns = NearestPositions(width, targetWidth);
        int[] rows = NearestPositions(height, targetHeight);
        int at = 0;
        foreach (int row in rows)
        {
            ReadOnlySpan<byte> line = source.Slice(row * width * channels, width * channels);
            foreach (int column in columns)
            {
                for (int c = 0; c < channels; c++)
                {
                    target[at++] = line[(column * channels) + c];
                }
            }
        }
    }

    private static int[] NearestPositions(int length, int targetLength)
    {
        // The position is summed step by step, as Pillow does it: a product would round differently in long rows.
        double scale = (double)length / targetLength;
        double position = scale * 0.5;
        int[] positions = new int[targetLength];
        for (int i = 0; i < targetLength; i++, position += scale)
        {
            positions[i] = Math.Min(length - 1, (int)position);
        }

        return positions;
    }

    private static int ArrayLength(long length) => length <= Array.MaxLength
        ? length > 0 ? (int)length : throw new ArgumentException("The picture is empty.")
        : throw new ArgumentException($"Resizing would need an array of {length} bytes; the limit is {Array.MaxLength}.");

    /// <summary>Source rows after the horizontal pass, or as they are when the width stays.</summary>
    private readonly ref struct SourceRows
    {
        private readonly ReadOnlySpan<byte> _source;
        private readonly int _stride;
        private readonly HorizontalPass? _pass;
        private readonly byte[]? _padded;

        public SourceRows(ReadOnlySpan<byte> source, int stride, HorizontalPass? pass)
        {
            _source = source;
            _stride = stride;
            _pass = pass;
            _padded = pass is null ? null : new byte[Math.Max(stride, pass.ReadableLength)];
        }

        public void CopyTo(int row, Span<byte> target)
        {
            int start = row * _stride;
            if (_pass is null)
            {
                _source.Slice(start, _stride).CopyTo(target);
            }
            else if (_source.Length - start >= _padded!.Length)
            {
                _pass.Apply(_source.Slice(start, _padded.Length), target);
            }
            else
            {
                // The last rows are followed by too little memory for whole vector loads; zeros stand in for it.
                _source.Slice(start, _stride).CopyTo(_padded);
                _pass.Apply(_padded, target);
            }
        }
    }
}
