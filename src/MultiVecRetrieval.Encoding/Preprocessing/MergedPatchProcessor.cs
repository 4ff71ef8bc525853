using System.Text.Json;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Flattens pictures to patches in the order of Qwen-VL: block by block, and within a patch channel, frame, row, column.</summary>
/// <remarks>
/// With t frames, h × w patches and blocks of m × m, the rows of the tensor run over (t, h/m, w/m, m, m) and the values of a row over
/// (channel, frame, y, x). Source: the Qwen2-VL image processor in transformers.
/// </remarks>
internal sealed class MergedPatchProcessor : PictureProcessor
{
    public const string ImageToken = "<|image_pad|>";

    private readonly MergedPatchOptions _options;
    private readonly PixelScale _scale;

    public MergedPatchProcessor(MergedPatchOptions options) => (_options, _scale) = (options, options.Scaling.CreateScale());

    public override string Identity => $"merged patches {JsonSerializer.Serialize(_options)}";

    public override IReadOnlyList<long> PixelShape => [-1, ValuesPerPatch];

    public override int PageLongSide => LongSideOfPage(_options.MaxPixels);

    // Exporters that keep the reference's layout have no batch; those of late interaction pad the patches of a batch.
    public override bool MayLackBatch => true;

    private int ValuesPerPatch => 3 * _options.TemporalPatch * _options.PatchSide * _options.PatchSide;

    public override PictureInput Apply(RgbImage image)
    {
        (int width, int height) =
            SmartResize.Compute(image.Width, image.Height, _options.Factor, _options.MinPixels, _options.MaxPixels);
        RgbImage resized = PillowResampler.Resize(image, width, height, _options.Scaling.Filter);
        (int rows, int columns, int merge) = (height / _options.PatchSide, width / _options.PatchSide, _options.MergeSide);
        long valueCount = (long)rows * columns * ValuesPerPatch;
        if (valueCount > MaxValues)
        {
            // A thin picture keeps one block of height and may exceed a small budget.
            throw new ArgumentException(
                $"The picture has {image.Width} × {image.Height} pixels and would become {valueCount} values; {MaxValues} are allowed.",
                nameof(image));
        }

        float[] pixels = new float[valueCount];
        int patch = 0;
        for (int blockRow = 0; blockRow < rows; blockRow += merge)
        {
            for (int blockColumn = 0; blockColumn < columns; blockColumn += merge)
            {
                for (int inBlock = 0; inBlock < merge * merge; inBlock++, patch++)
                {
                    CopyPatch(resized, blockColumn + (inBlock % merge), blockRow + (inBlock / merge),
                        pixels.AsSpan(patch * ValuesPerPatch, ValuesPerPatch));
                }
            }
        }

        return Create(rows, columns, pixels);
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

    private void CopyPatch(RgbImage image, int column, int row, Span<float> target)
    {
        int side = _options.PatchSide;
        int perFrame = side * side;
        for (int channel = 0; channel < 3; channel++)
        {
            float[] values = _scale[channel];
            Span<float> first = target.Slice(channel * _options.TemporalPatch * perFrame, perFrame);
            for (int y = 0, at = 0; y < side; y++)
            {
                int source = (((((row * side) + y) * image.Width) + (column * side)) * 3) + channel;
                for (int x = 0; x < side; x++, source += 3)
                {
                    first[at++] = values[image.Pixels[source]];
                }
            }

            for (int frame = 1; frame < _options.TemporalPatch; frame++)
            {
                first.CopyTo(target[(((channel * _options.TemporalPatch) + frame) * perFrame)..]);
            }
        }
    }
}
