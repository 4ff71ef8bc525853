using System.Globalization;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Reads how a model folder wants its pictures when its input depends on their size.</summary>
internal sealed class PictureReader
{
    private const int LargestBudget = 8192 * 8192;
    private readonly PreprocessingSource _source;
    private readonly PreprocessingKeys _keys;
    private readonly ImageFamily _family;

    private PictureReader(PreprocessingSource source)
    {
        _source = source;
        _family = ImageFamily.Find(source.ProcessorType, source.ModelType);
        _keys = new PreprocessingKeys(source, _family);
    }

    /// <summary>The processor of a folder; null when its pictures have a fixed size.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="tokens">What the model's profile says about the tokens of a picture.</param>
    /// <exception cref="ModelFormatException">A value is missing or out of range; file and key are named.</exception>
    public static PictureProcessor? TryRead(string folder, ImageTokenBudget tokens)
    {
        PictureReader reader = new(PreprocessingSource.Open(folder));
        return reader._family.Layout switch
        {
            PictureLayoutKind.Tiles => reader.ReadTiles(),
            PictureLayoutKind.MergedPatches => reader.ReadMergedPatches(tokens),
            PictureLayoutKind.PatchBudget => reader.ReadPatchBudget(),
            _ => null,
        };
    }

    private TileProcessor ReadTiles()
    {
        RequireResize();
        int side = _source.Whole(8192, "max_image_size", "longest_edge") ?? 364;
        TileOptions options = new()
        {
            TileSide = side,
            LongestSide = _source.Whole(8192, "size", "longest_edge") ?? 4 * 364,
            Splits = _keys.Flag("do_image_splitting", true),
            TokensPerTile = ReadTokensPerTile(side),
            Scaling = ReadScaling(),
        };
        int across = options.Splits ? (options.LongestSide + side - 1) / side : 1;
        long pictures = options.Splits ? ((long)across * across) + 1 : 1;
        CheckSize(pictures * 3 * side * side, "size.longest_edge and max_image_size.longest_edge");
        CheckTokens(pictures * options.TokensPerTile, "size.longest_edge and image_seq_len");
        _keys.Add("image input", Text($"tiles of {side} × {side}, {options.TokensPerTile} tokens each"), "max_image_size");
        _keys.Add("resize", Text($"longer side to {options.LongestSide}, then up to whole tiles{(options.Splits ? "" : ", not cut")}"),
            "size");
        _keys.AddScaling(options.Scaling);
        return new TileProcessor(options) { Description = _keys.Description };
    }

    // The processor's file says it; else it follows from the patches of a tile and how many of them the model joins.
    private int ReadTokensPerTile(int side)
    {
        int? tokens = _source.WholeOfProcessor(65536, "image_seq_len") ?? _source.Whole(65536, "image_seq_len");
        if (tokens is null)
        {
            int? patch = _source.WholeOfConfig(8192, "vision_config", "patch_size");
            int? scale = _source.WholeOfConfig(64, "scale_factor") ?? _source.WholeOfConfig(64, "pixel_shuffle_factor");
            if (patch is null || scale is null)
            {
                throw _source.Error(
                    "the tokens of a tile are not known: processor_config.json has no image_seq_len, and config.json not both "
                        + "vision_config.patch_size and scale_factor");
            }

            int along = side / patch.Value / scale.Value;
            tokens = along * along;
        }

        int root = (int)Math.Round(Math.Sqrt(tokens.Value));
        return tokens >= 1 && root * root == tokens
            ? tokens.Value
            : throw _source.Error($"image_seq_len is {tokens}, expected the square of a whole number: a tile's tokens are a grid");
    }

    private MergedPatchProcessor ReadMergedPatches(ImageTokenBudget tokens)
    {
        RequireResize();
        int patch = _source.Whole(128, "patch_size") ?? 14;
        int merge = _source.Whole(8, "merge_size") ?? 2;
        int temporal = _source.Whole(16, "temporal_patch_size") ?? 2;
        int blockArea = patch * merge * patch * merge;
        int fileMin = Budget("min_pixels", "shortest_edge") ?? 56 * 56;
        int fileMax = Budget("max_pixels", "longest_edge") ?? 28 * 28 * 1280;
        int min = tokens.Min is { } least ? (int)Math.Min((long)least * blockArea, LargestBudget) : fileMin;
        int max = tokens.Max is { } most ? (int)Math.Min((long)most * blockArea, fileMax) : fileMax;
        if (min > max || max < blockArea)
        {
            throw _source.Error(
                $"min_pixels is {min} and max_pixels {max}; expected min_pixels at most max_pixels, and that at least "
                    + $"{blockArea}, one token of {patch * merge} × {patch * merge} pixels");
        }

        CheckSize((long)max * 3 * temporal, "max_pixels and temporal_patch_size");
        CheckTokens(max / blockArea, "max_pixels and patch_size");
        MergedPatchOptions options = new()
        {
            PatchSide = patch,
            MergeSide = merge,
            TemporalPatch = temporal,
            MinPixels = min,
            MaxPixels = max,
            Scaling = ReadScaling(),
        };
        _keys.Add("image input", Text($"patches of {patch} × {patch}, blocks of {merge} × {merge} patches a token"), "patch_size");
        _keys.Add("resize", Text($"sides to multiples of {patch * merge}, {min} to {max} pixels"),
            _source.Find("max_pixels") is null ? "size" : "max_pixels");
        _keys.AddScaling(options.Scaling);
        return new MergedPatchProcessor(options) { Description = _keys.Description };
    }

    // Old files give the budget by its name, new ones as the edges of a size, which are pixels all the same.
    private int? Budget(string name, string edge) => _source.Whole(LargestBudget, name)
        ?? _source.Whole(LargestBudget, "size", name) ?? _source.Whole(LargestBudget, "size", edge);

    private PatchBudgetProcessor ReadPatchBudget()
    {
        RequireResize();
        PatchBudgetOptions options = new()
        {
            PatchSide = _source.Whole(8192, "patch_size") ?? 16,
            MaxPatches = _source.Whole((int)PictureProcessor.MaxTokens, "max_num_patches") ?? 256,
            Scaling = ReadScaling(),
        };
        CheckSize((long)options.MaxPatches * 3 * options.PatchSide * options.PatchSide, "max_num_patches and patch_size");
        _keys.Add("image input", Text($"at most {options.MaxPatches} patches of {options.PatchSide} × {options.PatchSide}"),
            "max_num_patches");
        _keys.Add("resize", "in proportion, sides up to whole patches", "max_num_patches");
        _keys.AddScaling(options.Scaling);
        return new PatchBudgetProcessor(options) { Description = _keys.Description };
    }

    private PixelScaling ReadScaling()
    {
        PixelScaling scaling = _keys.ReadScaling();
        return scaling.StandardDeviation.All(value => value != 0)
            ? scaling
            : throw _source.Error($"image_std is [{string.Join(", ", scaling.StandardDeviation)}], expected numbers other than 0");
    }

    private void RequireResize()
    {
        if (!_keys.Flag("do_resize", true))
        {
            throw _source.Error("do_resize is false, so that the size of the input would have no limit; this is not supported");
        }
    }

    private void CheckSize(long values, string keys)
    {
        if (values > PictureProcessor.MaxValues)
        {
            throw _source.Error(Text($"{keys} give up to {values} values a picture, more than the {PictureProcessor.MaxValues} allowed"));
        }
    }

    private void CheckTokens(long tokens, string keys)
    {
        if (tokens > PictureProcessor.MaxTokens)
        {
            throw _source.Error(Text($"{keys} give up to {tokens} tokens a picture, more than the {PictureProcessor.MaxTokens} allowed"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
