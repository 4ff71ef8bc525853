using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Turns pictures into the input tensor of a model, as the model's reference implementation does. Thread-safe.</summary>
public sealed class ImagePreprocessor
{
    private readonly PreprocessingOptions _options;
    private readonly PixelScale _values;

    /// <summary>Creates a preprocessor from explicit options.</summary>
    /// <exception cref="ArgumentException">An option is outside its range; the message names it.</exception>
    public ImagePreprocessor(PreprocessingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _values = new PixelScale(options.RescaleFactor, options.Mean, options.StandardDeviation);
    }

    /// <summary>Width of the model's input in pixels.</summary>
    public int Width => _options.Width;

    /// <summary>Height of the model's input in pixels.</summary>
    public int Height => _options.Height;

    /// <summary>All that was decided.</summary>
    public PreprocessingOptions Options => _options;

    /// <summary>What was decided and which file or default it comes from: "resize" → "bicubic, … (preprocessor_config.json)".</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Description => _options.Description;

    /// <summary>
    /// Reads preprocessor_config.json, processor_config.json (image_processor), or open_clip_config.json, in this order; what they
    /// leave out comes from the defaults of the family in config.json.
    /// </summary>
    /// <exception cref="ModelFormatException">No usable description, or one that needs a layout that is not supported; it is
    /// named.</exception>
    public static ImagePreprocessor Load(string modelFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFolder);
        PreprocessingOptions options = PreprocessingReader.Read(modelFolder);
        try
        {
            return new ImagePreprocessor(options);
        }
        catch (ArgumentException exception)
        {
            throw new ModelFormatException(modelFolder, exception.Message);
        }
    }

    /// <summary>The input tensor of one picture, [3 × height × width], red plane first.</summary>
    public float[] Apply(RgbImage image)
    {
        float[] tensor = new float[3 * Width * Height];
        Apply(image, tensor);
        return tensor;
    }

    /// <summary>Writes the input tensor of one picture to <paramref name="tensor"/>.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="tensor">[3 × height × width], red plane first; every value is written.</param>
    /// <exception cref="ArgumentException">The tensor has another length.</exception>
    public void Apply(RgbImage image, Span<float> tensor)
    {
        ArgumentNullException.ThrowIfNull(image);
        int area = Width * Height;
        if (tensor.Length != 3 * area)
        {
            throw new ArgumentException($"The tensor has {tensor.Length} values, expected {3 * area}.", nameof(tensor));
        }

        InputGeometry geometry = InputGeometry.Compute(_options, image.Width, image.Height);
        RgbImage resized = PillowResampler.Resize(image, geometry.ResizedWidth, geometry.ResizedHeight, _options.Filter);
        int left = Math.Max(0, -geometry.OffsetX);
        int right = Math.Min(Width, geometry.ResizedWidth - geometry.OffsetX);
        int top = Math.Max(0, -geometry.OffsetY);
        int bottom = Math.Min(Height, geometry.ResizedHeight - geometry.OffsetY);
        if (left > 0 || top > 0 || right < Width || bottom < Height)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                tensor.Slice(channel * area, area).Fill(_values[channel][_options.FillColor[channel]]);
            }
        }

        for (int y = top; y < bottom; y++)
        {
            int source = (((y + geometry.OffsetY) * resized.Width) + left + geometry.OffsetX) * 3;
            CopyRow(resized.Pixels.AsSpan(source, (right - left) * 3), tensor, (y * Width) + left, area);
        }
    }

    /// <summary>The part of a picture that the model sees, relative to the picture; less than the whole when it is cropped.</summary>
    public Place VisiblePart(int imageWidth, int imageHeight) => MapToImage(Place.Whole, imageWidth, imageHeight);

    /// <summary>Maps a box on the model's input to the picture it came from; what lies on the fill is cut off.</summary>
    /// <param name="box">A box relative to the model's input; a time span is kept.</param>
    /// <param name="imageWidth">Width of the picture in pixels, at least 1.</param>
    /// <param name="imageHeight">Height of the picture in pixels, at least 1.</param>
    public Place MapToImage(Place box, int imageWidth, int imageHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(imageWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(imageHeight, 1);
        return InputGeometry.Compute(_options, imageWidth, imageHeight).ToImage(box, Width, Height);
    }

    private void CopyRow(ReadOnlySpan<byte> pixels, Span<float> tensor, int at, int area)
    {
        int count = pixels.Length / 3;
        Span<float> red = tensor.Slice(at, count);
        Span<float> green = tensor.Slice(at + area, count);
        Span<float> blue = tensor.Slice(at + (2 * area), count);
        (float[] reds, float[] greens, float[] blues) = (_values[0], _values[1], _values[2]);
        for (int x = 0, i = 0; x < count; x++, i += 3)
        {
            red[x] = reds[pixels[i]];
            green[x] = greens[pixels[i + 1]];
            blue[x] = blues[pixels[i + 2]];
        }
    }
}
