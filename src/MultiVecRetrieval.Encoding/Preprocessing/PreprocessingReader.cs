using System.Text.Json;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Reads how a model folder wants its pictures, from the files of Hugging Face, OpenCLIP and jina.</summary>
internal sealed class PreprocessingReader
{
    private readonly PreprocessingSource _source;
    private readonly ImageFamily _family;
    private readonly PreprocessingKeys _keys;

    private PreprocessingReader(PreprocessingSource source)
    {
        _source = source;
        _family = ImageFamily.Find(source.ProcessorType, source.ModelType);
        _keys = new PreprocessingKeys(source, _family);
    }

    /// <exception cref="ModelFormatException">No usable description, or one that needs a layout that is not supported.</exception>
    public static PreprocessingOptions Read(string folder) => new PreprocessingReader(PreprocessingSource.Open(folder)).Read();

    private PreprocessingOptions Read()
    {
        RefuseUnsupported();
        return _source.UsesOpenClipKeys ? ReadOpenClip() : ReadHuggingFace();
    }

    private void RefuseUnsupported()
    {
        if (_family.Unsupported is not null)
        {
            throw _source.Error($"{_source.ProcessorType ?? _source.ModelType} needs {_family.Unsupported}, which is not supported");
        }

        if (_family.Layout != PictureLayoutKind.Fixed)
        {
            throw _source.Error(
                $"{_source.ProcessorType} makes inputs of variable size ({_family.Name}), which only a whole model can read");
        }

        foreach (string flag in new[] { "do_image_splitting", "do_pan_and_scan", "rescale_offset" })
        {
            if (_source.Bool(flag) == true)
            {
                throw _source.Error($"{flag} is set, which is not supported");
            }
        }
    }

    private PreprocessingOptions ReadHuggingFace()
    {
        bool resizes = _keys.Flag("do_resize", true);
        bool crops = _keys.Flag("do_center_crop", _family.Crops);
        JsonElement? size = _source.Find("size");
        (int Height, int Width)? crop = crops ? CropSize(size) : null;
        ResizeMode mode = ResizeMode.None;
        int? shortest = null;
        (int Height, int Width) input = crop ?? default;
        if (resizes)
        {
            (mode, shortest, (int Height, int Width)? squash) = TargetSize(size, crops);
            input = crop ?? squash ?? throw _source.Error(
                "the shorter side is resized without a crop, so that each picture would have another size; this is not supported");
            if (squash is not null && crop is not null && squash != crop)
            {
                throw _source.Error("size and crop_size give different rectangles, which is not supported");
            }
        }
        else if (crop is null)
        {
            throw _source.Error("do_resize and do_center_crop are both off, so that the input would have no fixed size");
        }

        if (_keys.Flag("do_pad", false))
        {
            throw _source.Error("do_pad is set, which is not supported");
        }

        PixelScaling scaling = _keys.ReadScaling();
        PreprocessingOptions options = new()
        {
            Width = input.Width,
            Height = input.Height,
            Resize = mode,
            ShortestSide = shortest,
            CropRule = CropRule.Floor,
            Filter = scaling.Filter,
            RescaleFactor = scaling.RescaleFactor,
            Mean = scaling.Mean,
            StandardDeviation = scaling.StandardDeviation,
        };
        return Describe(options, "size");
    }

    private (ResizeMode Mode, int? Shortest, (int Height, int Width)? Squash) TargetSize(JsonElement? size, bool crops)
    {
        if (size is null)
        {
            int side = DefaultSize();
            return crops ? (ResizeMode.ShortestSide, side, null) : (ResizeMode.Squash, null, (side, side));
        }

        if (size.Value.ValueKind == JsonValueKind.Number)
        {
            int side = _source.Int(size.Value, "size");
            return crops ? (ResizeMode.ShortestSide, side, null) : (ResizeMode.Squash, null, (side, side));
        }

        if (TryRectangle(size.Value, "size", out (int Height, int Width) rectangle))
        {
            return (ResizeMode.Squash, null, rectangle);
        }

        if (size.Value.ValueKind == JsonValueKind.Object && size.Value.TryGetProperty("shortest_edge", out JsonElement shortest)
            && (!size.Value.TryGetProperty("longest_edge", out JsonElement longest) || longest.ValueKind == JsonValueKind.Null))
        {
            return (ResizeMode.ShortestSide, _source.Int(shortest, "size.shortest_edge"), null);
        }

        throw _source.Error($"size {size.Value.GetRawText()} leaves the input without a fixed size, which is not supported");
    }

    private (int Height, int Width) CropSize(JsonElement? size)
    {
        if (_source.Find("crop_size") is { } crop)
        {
            if (crop.ValueKind == JsonValueKind.Number)
            {
                int side = _source.Int(crop, "crop_size");
                return (side, side);
            }

            return TryRectangle(crop, "crop_size", out (int Height, int Width) rectangle)
                ? rectangle
                : throw _source.Error($"crop_size {crop.GetRawText()} is neither a number nor a height and a width");
        }

        (_, int? shortest, (int Height, int Width)? squash) = TargetSize(size, crops: true);
        return squash ?? (shortest!.Value, shortest.Value);
    }

    private PreprocessingOptions ReadOpenClip()
    {
        (int Height, int Width) input;
        JsonElement? size = _source.Find("size") ?? _source.VisionSize;
        if (size is null || size.Value.ValueKind == JsonValueKind.Number)
        {
            int side = size is null ? DefaultSize() : _source.Int(size.Value, "size");
            input = (side, side);
        }
        else if (!TryRectangle(size.Value, "size", out input))
        {
            throw _source.Error($"size {size.Value.GetRawText()} is neither a number nor a height and a width");
        }

        string resizeMode = _source.Text("resize_mode") ?? "shortest";
        ResizeMode mode = resizeMode switch
        {
            "shortest" when input.Height == input.Width => ResizeMode.ShortestSide,
            "longest" => ResizeMode.LongestSide,
            "squash" => ResizeMode.Squash,
            "shortest" => throw _source.Error("resize_mode shortest with a size that is not square is not supported"),
            _ => throw _source.Error($"resize_mode {resizeMode} is none of shortest, longest and squash"),
        };
        PreprocessingOptions options = new()
        {
            Width = input.Width,
            Height = input.Height,
            Resize = mode,
            ShortestSide = mode == ResizeMode.ShortestSide ? input.Width : null,
            CropRule = CropRule.HalfToEven,
            Filter = _keys.Filter("interpolation", ResampleFilter.Bicubic),
            Mean = _keys.Channels("mean", ImageFamily.Clip.Mean),
            StandardDeviation = _keys.Channels("std", ImageFamily.Clip.StandardDeviation),
            FillColor = FillColor(),
        };
        return Describe(options, "size");
    }

    private byte[] FillColor()
    {
        JsonElement? fill = _source.Find("fill_color");
        double[] values = fill is null ? [0] : _source.Numbers(fill.Value, "fill_color");
        return values.Length is 1 or 3 && values.All(x => x is >= 0 and <= 255 && x == Math.Floor(x))
            ? [(byte)values[0], (byte)values[values.Length / 2], (byte)values[^1]]
            : throw _source.Error($"fill_color {fill!.Value.GetRawText()} is neither one nor three bytes");
    }

    private int DefaultSize()
    {
        if (_source.ConfigSize is { } fromConfig)
        {
            return fromConfig;
        }

        return _family.Size ?? throw _source.Error("size is missing and neither config.json nor the family gives one");
    }

    private bool TryRectangle(JsonElement value, string key, out (int Height, int Width) rectangle)
    {
        rectangle = default;
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2)
        {
            rectangle = (_source.Int(value[0], key), _source.Int(value[1], key));
            return true;
        }

        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("height", out JsonElement height)
            && value.TryGetProperty("width", out JsonElement width))
        {
            rectangle = (_source.Int(height, key + ".height"), _source.Int(width, key + ".width"));
            return true;
        }

        return false;
    }

    private PreprocessingOptions Describe(PreprocessingOptions options, string sizeKey)
    {
        string filter = options.Filter.ToString().ToLowerInvariant();
        string input = $"{options.Width} × {options.Height}";
        _keys.Add("image input", input, sizeKey);
        _keys.Add("resize", options.Resize switch
        {
            ResizeMode.Squash => $"{filter}, squashed to {input}",
            ResizeMode.ShortestSide => $"{filter}, shorter side to {options.ShortestSide}",
            ResizeMode.LongestSide => $"{filter}, fitted into {input}, rest filled",
            _ => "none",
        }, _source.UsesOpenClipKeys ? "resize_mode" : "size");
        if (options.Resize is ResizeMode.ShortestSide or ResizeMode.None)
        {
            string rule = options.CropRule == CropRule.Floor ? "offset rounded down" : "offset rounded half to even";
            _keys.Add("crop", $"centre {input}, {rule}", _source.UsesOpenClipKeys ? "size" : "do_center_crop");
        }

        bool usesOpenClip = _source.UsesOpenClipKeys;
        _keys.AddScaling(
            new PixelScaling(options.Filter, options.RescaleFactor, options.Mean, options.StandardDeviation),
            usesOpenClip ? "interpolation" : "resample", usesOpenClip ? "mean" : "image_mean", usesOpenClip ? "std" : "image_std");
        return options with { Description = _keys.Description };
    }
}
