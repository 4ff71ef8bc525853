using System.Globalization;
using System.Text.Json;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>The keys that all image processors share, with the family's defaults, and what was found under them.</summary>
internal sealed class PreprocessingKeys(PreprocessingSource source, ImageFamily family)
{
    private readonly List<KeyValuePair<string, string>> _description = [];

    /// <summary>What was decided and where it was read, for people.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Description => _description;

    /// <summary>Filter and normalisation by the keys of Hugging Face.</summary>
    /// <exception cref="ModelFormatException">A value is none, or missing without a default.</exception>
    public PixelScaling ReadScaling()
    {
        bool normalizes = Flag("do_normalize", family.Normalizes);
        return new PixelScaling(
            Filter("resample", family.Filter),
            Flag("do_rescale", true) ? source.Number("rescale_factor") ?? 1.0 / 255 : 1,
            normalizes ? Channels("image_mean", family.Mean) : [0, 0, 0],
            normalizes ? Channels("image_std", family.StandardDeviation) : [1, 1, 1]);
    }

    /// <summary>Describes filter and normalisation.</summary>
    public void AddScaling(
        PixelScaling scaling, string filterKey = "resample", string meanKey = "image_mean", string deviationKey = "image_std")
    {
        Add("filter", scaling.Filter.ToString().ToLowerInvariant(), filterKey);
        Add("rescale", string.Create(CultureInfo.InvariantCulture, $"{scaling.RescaleFactor:G9}"), "rescale_factor");
        Add("mean", Join(scaling.Mean), meanKey);
        Add("standard deviation", Join(scaling.StandardDeviation), deviationKey);
    }

    /// <summary>Adds a line that names the file of a key, or the family when the file lacks it.</summary>
    public void Add(string name, string value, string key) =>
        _description.Add(new(name, $"{value} ({(source.Find(key) is null ? $"default of {family.Name}" : source.FileName)})"));

    public bool Flag(string key, bool? familyDefault) =>
        source.Bool(key) ?? familyDefault ?? throw source.Error($"{key} is missing and the family gives no default");

    public ResampleFilter Filter(string key, ResampleFilter? familyDefault)
    {
        if (source.Find(key) is not { } value)
        {
            return familyDefault ?? throw source.Error($"{key} is missing and the family gives no default");
        }

        // Newer files write names, some with the enum in front: "bicubic", "PILImageResampling.BICUBIC".
        string name = value.ValueKind == JsonValueKind.String ? value.GetString()!.Split('.')[^1] : value.GetRawText();
        return Enum.TryParse(name, ignoreCase: true, out ResampleFilter filter) && Enum.IsDefined(filter)
            ? filter
            : throw source.Error(
                $"{key} {value.GetRawText()} is no known filter (0 to 5, or nearest, lanczos, bilinear, bicubic, box, hamming)");
    }

    public float[] Channels(string key, IReadOnlyList<float>? familyDefault)
    {
        if (source.Find(key) is not { } value)
        {
            return familyDefault?.ToArray() ?? throw source.Error($"{key} is missing and the family gives no default");
        }

        double[] numbers = source.Numbers(value, key);
        return numbers.Length is 1 or 3
            ? [(float)numbers[0], (float)numbers[numbers.Length / 2], (float)numbers[^1]]
            : throw source.Error($"{key} has {numbers.Length} values, expected one or three");
    }

    private static string Join(IReadOnlyList<float> values) =>
        string.Join(", ", values.Select(value => value.ToString("G7", CultureInfo.InvariantCulture)));
}
