using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Where one picture lies on the input of a model.</summary>
/// <param name="ResizedWidth">Width of the picture after the resize, in pixels.</param>
/// <param name="ResizedHeight">Height of the picture after the resize, in pixels.</param>
/// <param name="OffsetX">Column of the resized picture under the left edge of the input; negative when that edge is filled.</param>
/// <param name="OffsetY">Row of the resized picture under the top edge of the input; negative when that edge is filled.</param>
internal readonly record struct InputGeometry(int ResizedWidth, int ResizedHeight, int OffsetX, int OffsetY)
{
    /// <summary>Computes where a picture of the given size lies.</summary>
    /// <remarks>
    /// Sources: torchvision's Resize and CenterCrop, the Hugging Face get_resize_output_image_size and center_crop, OpenCLIP's
    /// ResizeKeepRatio and center_crop_or_pad.
    /// </remarks>
    public static InputGeometry Compute(PreprocessingOptions options, int width, int height)
    {
        (int resizedWidth, int resizedHeight) = options.Resize switch
        {
            ResizeMode.Squash => (options.Width, options.Height),
            ResizeMode.ShortestSide => ShortestSide(options, width, height),
            ResizeMode.LongestSide => KeepRatio(options, width, height),
            _ => (width, height),
        };
        return new InputGeometry(
            resizedWidth, resizedHeight, Offset(resizedWidth, options.Width, options.CropRule),
                Offset(resizedHeight, options.Height, options.CropRule));
    }

    /// <summary>Maps a box on the model's input to the picture, both relative; what lies outside the picture is cut off.</summary>
    public Place ToImage(Place box, int inputWidth, int inputHeight) => box with
    {
        Left = Map(box.Left, inputWidth, OffsetX, ResizedWidth),
        Top = Map(box.Top, inputHeight, OffsetY, ResizedHeight),
        Right = Map(box.Right, inputWidth, OffsetX, ResizedWidth),
        Bottom = Map(box.Bottom, inputHeight, OffsetY, ResizedHeight),
    };

    private static float Map(double position, int inputLength, int offset, int resizedLength) =>
        (float)Math.Clamp(((position * inputLength) + offset) / resizedLength, 0, 1);

    private static (int Width, int Height) ShortestSide(PreprocessingOptions options, int width, int height)
    {
        // The longer side is truncated, not rounded: int(size * long / short) in both libraries, an exact integer division.
        long size = options.ShortestSide ?? Math.Min(options.Width, options.Height);
        return width <= height
            ? ((int)size, checked((int)(size * height / width)))
            : (checked((int)(size * width / height)), (int)size);
    }

    private static (int Width, int Height) KeepRatio(PreprocessingOptions options, int width, int height)
    {
        double ratio = Math.Max((double)height / options.Height, (double)width / options.Width);
        return (Math.Max(1, (int)Math.Round(width / ratio, MidpointRounding.ToEven)),
            Math.Max(1, (int)Math.Round(height / ratio, MidpointRounding.ToEven)));
    }

    private static int Offset(int length, int inputLength, CropRule rule)
    {
        int remainder = length - inputLength;

        // A picture smaller than the input lies ⌊rest/2⌋ from the edge with torchvision and ⌈rest/2⌉ with Hugging Face.
        return rule switch
        {
            CropRule.HalfToEven when remainder < 0 => -(-remainder / 2),
            CropRule.HalfToEven => (int)Math.Round(remainder / 2.0, MidpointRounding.ToEven),
            _ => remainder >> 1,
        };
    }
}
