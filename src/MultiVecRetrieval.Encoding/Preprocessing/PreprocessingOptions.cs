namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>How pictures become the input of a model.</summary>
public sealed record PreprocessingOptions
{
    /// <summary>Width of the model's input in pixels. In [1, 8192].</summary>
    public required int Width { get; init; }

    /// <summary>Height of the model's input in pixels. In [1, 8192].</summary>
    public required int Height { get; init; }

    /// <summary>How the picture is resized before it is cropped or padded. Default squash.</summary>
    public ResizeMode Resize { get; init; } = ResizeMode.Squash;

    /// <summary>The shorter side after a <see cref="ResizeMode.ShortestSide"/> resize. Default: that of the input.</summary>
    public int? ShortestSide { get; init; }

    /// <summary>How the centre crop is rounded. Default floor.</summary>
    public CropRule CropRule { get; init; } = CropRule.Floor;

    /// <summary>The interpolation. Default bicubic.</summary>
    public ResampleFilter Filter { get; init; } = ResampleFilter.Bicubic;

    /// <summary>Factor from a byte to a value; 1 keeps bytes. Default 1/255.</summary>
    public double RescaleFactor { get; init; } = 1.0 / 255;

    /// <summary>Subtracted per channel after rescaling, red first. Default 0.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0, 0, 0];

    /// <summary>Divisor per channel, red first; not 0. Default 1.</summary>
    public IReadOnlyList<float> StandardDeviation { get; init; } = [1, 1, 1];

    /// <summary>Byte values of the colour that fills what the picture does not cover, red first. Default black.</summary>
    public IReadOnlyList<byte> FillColor { get; init; } = [0, 0, 0];

    /// <summary>What was decided and where it was read, for people.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Description { get; init; } = [];

    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    internal void Validate()
    {
        CheckSide(Width, nameof(Width));
        CheckSide(Height, nameof(Height));
        CheckSide(ShortestSide ?? 1, nameof(ShortestSide));
        if (!Enum.IsDefined(Resize) || !Enum.IsDefined(CropRule) || !Enum.IsDefined(Filter))
        {
            throw new ArgumentException($"{Resize}, {CropRule} or {Filter} is no known mode.");
        }

        if (!double.IsFinite(RescaleFactor))
        {
            throw new ArgumentException($"{nameof(RescaleFactor)} is {RescaleFactor}, expected a finite number.");
        }

        if (Mean.Count != 3 || !Mean.All(float.IsFinite))
        {
            throw new ArgumentException($"{nameof(Mean)} is [{string.Join(", ", Mean)}], expected three finite numbers.");
        }

        if (StandardDeviation.Count != 3 || StandardDeviation.Any(x => !float.IsFinite(x) || x == 0))
        {
            throw new ArgumentException(
                $"{nameof(StandardDeviation)} is [{string.Join(", ", StandardDeviation)}], expected three finite numbers other than 0.");
        }

        if (FillColor.Count != 3)
        {
            throw new ArgumentException($"{nameof(FillColor)} has {FillColor.Count} values, expected three.");
        }
    }

    private static void CheckSide(int value, string name)
    {
        if (value is < 1 or > 8192)
        {
            throw new ArgumentException($"{name} is {value}, expected 1 to 8192 pixels.");
        }
    }
}
