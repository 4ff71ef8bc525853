using System.Text.Json;
using MultiVecRetrieval.Numerics;

namespace MultiVecRetrieval.Encoding.Preprocessing;

/// <summary>Flattens pictures to at most a budget of patches, row by row, and pads the rest: SigLIP2 NaFlex.</summary>
/// <remarks>The values of a patch run over (y, x, channel). Source: the image processor of SigLIP2 in transformers.</remarks>
internal sealed class PatchBudgetProcessor : PictureProcessor
{
    private readonly PatchBudgetOptions _options;
    private readonly PixelScale _scale;

    public PatchBudgetProcessor(PatchBudgetOptions options) => (_options, _scale) = (options, options.Scaling.CreateScale());

    public override string Identity => $"patch budget {JsonSerializer.Serialize(_options)}";

    public override IReadOnlyList<long> PixelShape => [_options.MaxPatches, ValuesPerPatch];

    public override int PageLongSide => LongSideOfPage((long)_options.MaxPatches * _options.PatchSide * _options.PatchSide);

    private int ValuesPerPatch => 3 * _options.PatchSide * _options.PatchSide;

    public override PictureInput Apply(RgbImage image)
    {
        int side = _options.PatchSide;
        PatchBudgetGrid grid = PatchBudgetGrid.Compute(image.Width, image.Height, side, _options.MaxPatches);
        RgbImage resized = PillowResampler.Resize(image, grid.Columns * side, grid.Rows * side, _options.Scaling.Filter);
        float[] pixels = new float[_options.MaxPatches * ValuesPerPatch];
        for (int patch = 0, at = 0; patch < grid.Rows * grid.Columns; patch++)
        {
            (int top, int left) = (patch / grid.Columns * side, patch % grid.Columns * side);
            for (int y = top; y < top + side; y++)
            {
                int source = ((y * resized.Width) + left) * 3;
                for (int i = 0; i < side * 3; i++)
                {
                    pixels[at++] = _scale[i % 3][resized.Pixels[source + i]];
                }
            }
        }

        return Create(grid, pixels, grid.Rows * grid.Columns);
    }

    public override PictureInput CreateEmpty() => Create(new PatchBudgetGrid(1, 1), new float[_options.MaxPatches * ValuesPerPatch], 1);

    private PictureInput Create(PatchBudgetGrid grid, float[] pixels, int patchCount)
    {
        long[] mask = new long[_options.MaxPatches];
        Array.Fill(mask, 1, 0, patchCount);
        return new PictureInput
        {
            Pixels = pixels,
            Shape = [_options.MaxPatches, ValuesPerPatch],
            Sides =
            [
                new SideTensor("pixel_attention_mask", mask, [1, _options.MaxPatches]),
                new SideTensor("spatial_shapes", [grid.Rows, grid.Columns], [1, 2]),
            ],
            Boxes = [.. Grid(Place.Whole, grid.Rows, grid.Columns)],
            TokenColumns = grid.Columns,
        };
    }
}
