using System.Text.Json;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Makes patches in blocks of pictures, as Qwen-VL takes them; <see cref="PatchFlattening"/> has their order.</summary>
internal sealed class MergedPatchProcessor : PictureProcessor
{
    public const string ImageToken = "<|image_pad|>";

    private readonly MergedPatchOptions _options;
    private readonly PatchFlattening _patches;

    public MergedPatchProcessor(MergedPatchOptions options) => (_options, _patches) = (options, new PatchFlattening(options));

    public override string Identity => $"merged patches {JsonSerializer.Serialize(_options)}";

    public override IReadOnlyList<long> PixelShape => [-1, ValuesPerPatch];

    public override int PageLongSide => LongSideOfPage(_options.MaxPixels);

    // Exporters that keep the reference's layout have no batch; those of late interaction pad the patches of a batch.
    public override bool MayLackBatch => true;

    private int ValuesPerPatch => _patches.ValuesPerPatch;

    public override PictureInput Apply(RgbImage image)
    {
        (int width, int height) =
            SmartResize.Compute(image.Width, image.Height, _options.Factor, _options.MinPixels, _options.MaxPixels);
        RgbImage resized = PillowResampler.Resize(image, width, height, _options.Scaling.Filter);
        (int rows, int columns) = (height / _options.PatchSide, width / _options.PatchSide);
        long valueCount = (long)rows * columns * ValuesPerPatch;
        if (valueCount > MaxValues)
        {
            // A thin picture keeps one block of height and may exceed a small budget.
            throw new ArgumentException(
                $"The picture has {image.Width} × {image.Height} pixels and would become {valueCount} values; {MaxValues} are allowed.",
                nameof(image));
        }

        return Create(rows, columns, _patches.Flatten([resized]));
    }

    public override PictureInput CreateEmpty() =>
        Create(_options.MergeSide, _options.MergeSide, new float[_options.MergeSide * _options.MergeSide * ValuesPerPatch]);

    private PictureInput Create(int rows, int columns, float[] pixels)
    {
        Place[] boxes = [.. Grid(Place.Whole, rows / _options.MergeSide, columns / _options.MergeSide)];
        return new PictureInput
        {
            Pixels = pixels,
            Shape = [rows * columns, ValuesPerPatch],
            Sides = [new SideTensor("image_grid_thw", [1, rows, columns], [1, 3])],
            Boxes = boxes,
            TokenColumns = columns / _options.MergeSide,
            Tokens = string.Concat(Enumerable.Repeat(ImageToken, boxes.Length)),
        };
    }
}
